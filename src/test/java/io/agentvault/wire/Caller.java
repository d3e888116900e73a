package io.agentvault.wire;

import java.util.Optional;

/** Who asks. */
sealed interface Caller {
  /** Somebody with a bearer credential, good or bad, for either function. */
  record Bearer(String credential) implements Caller {
    @Override
    public String toString() {
      return "Bearer[redacted]";
    }
  }

  /**
   * An operator.
   *
   * @param tenant what a direct invocation says, and the token of an HTTP request
   * @param token a good one
   */
  record Operator(String tenant, String token) implements Caller {
    @Override
    public String toString() {
      return "Operator[" + tenant + "]";
    }
  }

  /** Nobody: no credential at all. */
  record Nobody() implements Caller {}

  /** What stands behind {@code Bearer} in an Authorization header. */
  default Optional<String> bearer() {
    return switch (this) {
      case Bearer(String credential) -> Optional.of(credential);
      case Operator(String tenant, String token) -> Optional.of(token);
      case Nobody() -> Optional.empty();
    };
  }
}
