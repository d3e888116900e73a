package io.agentvault.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What is stored of an agent key: its SHA-256. The key holds 256 random bits, so a slow hash would
 * add nothing; the id is part of what is hashed, so a verifier is of no use to another identity.
 */
public final class KeyVerifier {
  private static final int BYTES = 32;

  private final byte[] hash;

  private KeyVerifier(byte[] hash) {
    this.hash = hash;
  }

  /** The verifier of {@code key}. */
  static KeyVerifier of(AgentKey key) {
    try {
      return new KeyVerifier(MessageDigest.getInstance("SHA-256").digest(key.text().expose()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The verifier stored as {@code hash}, 32 bytes. */
  static KeyVerifier stored(byte[] hash) {
    if (hash.length != BYTES) {
      throw new IllegalArgumentException("a verifier is 32 bytes");
    }
    return new KeyVerifier(hash.clone());
  }

  /** The 32 bytes to store. */
  byte[] hash() {
    return hash.clone();
  }

  /** Whether both verify the same key; takes the same time whatever the answer. */
  boolean matches(KeyVerifier other) {
    return MessageDigest.isEqual(hash, other.hash);
  }
}
