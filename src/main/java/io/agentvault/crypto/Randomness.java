package io.agentvault.crypto;

/** Where random bytes come from; injected, so that a test can say which ones. */
@FunctionalInterface
public interface Randomness {
  /** {@code count} bytes that nobody can predict, in a new array. */
  byte[] bytes(int count);

  /** The platform's {@link java.security.SecureRandom}, opened when it is first asked. */
  static Randomness secure() {
    return new SecureRandomness();
  }
}
