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
  private final long generation;

  private KeyVerifier(byte[] hash, long generation) {
    this.hash = hash;
    this.generation = generation;
  }

  /** The verifier of {@code key}, as of a first one. */
  static KeyVerifier of(AgentKey key) {
    try {
      return new KeyVerifier(MessageDigest.getInstance("SHA-256").digest(key.text().expose()), 0);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * The verifier stored as {@code hash}, 32 bytes.
   *
   * @param generation how many keys the identity had before this one
   */
  static KeyVerifier stored(byte[] hash, long generation) {
    if (hash.length != BYTES) {
      throw new IllegalArgumentException("a verifier is 32 bytes");
    }
    return new KeyVerifier(hash.clone(), generation);
  }

  /** The 32 bytes to store. */
  byte[] hash() {
    return hash.clone();
  }

  /** How many keys the identity had before this one, where it was read from the store. */
  long generation() {
    return generation;
  }

  /** Whether both verify the same key; takes the same time whatever the answer. */
  boolean matches(KeyVerifier other) {
    return MessageDigest.isEqual(hash, other.hash);
  }
}
