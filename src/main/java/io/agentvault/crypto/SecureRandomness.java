package io.agentvault.crypto;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The platform's generator. It is made on first use and never in a static field: what a native
 * image makes while it is built is part of the image, and every instance would start from the same
 * seed.
 */
final class SecureRandomness implements Randomness {
  private @Nullable SecureRandom generator;

  @Override
  public byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    generator().nextBytes(bytes);
    return bytes;
  }

  private synchronized SecureRandom generator() {
    if (generator == null) {
      generator = new SecureRandom();
    }
    return generator;
  }
}
