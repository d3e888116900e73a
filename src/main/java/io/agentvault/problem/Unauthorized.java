package io.agentvault.problem;

/**
 * The credential presented proves nothing. Unknown, malformed, rotated and revoked keys are this
 * one answer; the caller needs another key.
 */
public final class Unauthorized extends Problem {
  private static final long serialVersionUID = 1L;

  /** The one message, whatever the reason: a reason would tell a guesser something. */
  public static final String MESSAGE = "the credential is missing or not valid";

  public Unauthorized() {
    super("unauthorized", 401, MESSAGE);
  }
}
