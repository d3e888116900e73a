package io.agentvault.problem;

/**
 * A defect, or stored bytes that do not verify. Repeating does not help; the operator is to look.
 */
public final class Internal extends Problem {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what to tell the caller; names no detail of the inside
   */
  public Internal(String message) {
    super("internal", 500, message);
  }
}
