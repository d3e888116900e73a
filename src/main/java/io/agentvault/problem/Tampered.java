package io.agentvault.problem;

/**
 * Stored bytes that do not verify: changed, cut, or moved from where they were sealed. To the
 * caller it is an {@code internal} failure like any other; repeating does not help, and the
 * operator is to look at who wrote to the table.
 *
 * <p>It says neither which bytes nor which check, so that it tells a forger nothing.
 */
public final class Tampered extends Problem {
  private static final long serialVersionUID = 1L;

  /** The one message there is. */
  public Tampered() {
    super("internal", 500, "the stored credential does not verify");
  }
}
