package io.agentvault.local.keys;

/** An error that KMS answers: its exception's name and message, always with status 400. */
final class KmsFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String type;

  KmsFailure(String type, String message) {
    super(message);
    this.type = type;
  }

  String type() {
    return type;
  }

  String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
