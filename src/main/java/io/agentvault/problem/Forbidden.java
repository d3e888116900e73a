package io.agentvault.problem;

/** The caller is known but lacks a scope; the caller must have it granted. */
public final class Forbidden extends Problem {
  private static final long serialVersionUID = 1L;

  /**
   * @param scope the scope or group that is missing, such as {@code vault:write}
   */
  public Forbidden(String scope) {
    super("forbidden", 403, "missing scope: " + scope);
  }
}
