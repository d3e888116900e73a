package io.agentvault.local;

/** Why {@code scripts/dev} can't go on, in one sentence that says what to do. */
final class DevFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DevFailure(String message) {
    super(message, null, false, false);
  }
}
