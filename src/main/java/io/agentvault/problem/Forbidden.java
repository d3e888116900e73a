package io.agentvault.problem;

/** The caller is known but lacks a permission; the caller must have it granted. */
public final class Forbidden extends Problem {
  private static final long serialVersionUID = 1L;

  /**
   * @param permission the scope or group that is missing, such as {@code vault:write}
   */
  public Forbidden(String permission) {
    super("forbidden", 403, "missing permission: " + permission);
  }
}
