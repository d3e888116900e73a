package io.agentvault.identity;

import io.agentvault.crypto.Randomness;

/**
 * The name of a child token, by which records and logs call it: 128 random bits as 26 characters of
 * Crockford base32. It opens nothing.
 *
 * @param text the canonical spelling
 */
public record TokenId(String text) {
  static final int BYTES = 16;

  public TokenId {
    if (!Crockford.isCanonical(text, BYTES * Byte.SIZE)) {
      throw new IllegalArgumentException("not a token id");
    }
  }

  static TokenId random(Randomness randomness) {
    return of(randomness.bytes(BYTES));
  }

  static TokenId of(byte[] bytes) {
    return new TokenId(Crockford.encode(bytes));
  }

  byte[] bytes() {
    return Crockford.decode(text, BYTES);
  }

  @Override
  public String toString() {
    return text;
  }
}
