package io.agentvault.identity;

import java.math.BigInteger;
import java.util.Optional;

/**
 * Crockford's base32 in lower case, canonical spelling only: 16 bytes are 26 characters, 32 bytes
 * are 52. No aliases ({@code o} for {@code 0}) are read, so that one value has one spelling.
 *
 * @see <a href="https://www.crockford.com/base32.html">Crockford, Base 32</a>
 */
final class Crockford {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int BITS_PER_CHARACTER = 5;

  private Crockford() {}

  /** The number of characters that {@code bits} bits take. */
  static int length(int bits) {
    return (bits + BITS_PER_CHARACTER - 1) / BITS_PER_CHARACTER;
  }

  /** The unsigned big-endian number in {@code bytes}, left-padded to its full length. */
  static String encode(byte[] bytes) {
    BigInteger number = new BigInteger(1, bytes);
    char[] text = new char[length(bytes.length * Byte.SIZE)];
    for (int i = text.length - 1; i >= 0; i--) {
      text[i] = ALPHABET.charAt(number.intValue() & 31);
      number = number.shiftRight(BITS_PER_CHARACTER);
    }
    return new String(text);
  }

  /** Whether {@code text} is the canonical spelling of some value of {@code bits} bits. */
  static boolean isCanonical(String text, int bits) {
    return decode(text, bits).isPresent();
  }

  private static Optional<BigInteger> decode(String text, int bits) {
    if (text.length() != length(bits)) {
      return Optional.empty();
    }
    BigInteger number = BigInteger.ZERO;
    for (int i = 0; i < text.length(); i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        return Optional.empty();
      }
      number = number.shiftLeft(BITS_PER_CHARACTER).or(BigInteger.valueOf(digit));
    }
    return number.bitLength() <= bits ? Optional.of(number) : Optional.empty();
  }
}
