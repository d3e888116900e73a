package io.agentvault.problem;

/** The state is not the one that the caller assumed; the caller reads again and decides. */
public final class Conflict extends Problem {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what to tell the caller; names the assumption that failed
   */
  public Conflict(String message) {
    super("conflict", 409, message);
  }
}
