package io.agentvault.identity;

/**
 * Crockford's base32 in lower case, canonical spelling only: 16 bytes are 26 characters, 32 bytes
 * are 52. No aliases ({@code o} for {@code 0}) are read, so that one value has one spelling.
 *
 * @see <a href="https://www.crockford.com/base32.html">Crockford, Base 32</a>
 */
public final class Crockford {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int BITS_PER_CHARACTER = 5;

  private Crockford() {}

  /** The number of characters that {@code bits} bits take. */
  public static int length(int bits) {
    return (bits + BITS_PER_CHARACTER - 1) / BITS_PER_CHARACTER;
  }

  /** The unsigned big-endian number in {@code bytes}, left-padded to its full length. */
  public static String encode(byte[] bytes) {
    StringBuilder text = new StringBuilder(length(bytes.length * Byte.SIZE));
    int pending = 0;
    int pendingBits = padding(bytes.length * Byte.SIZE);
    for (byte each : bytes) {
      pending = pending << Byte.SIZE | Byte.toUnsignedInt(each);
      pendingBits += Byte.SIZE;
      while (pendingBits >= BITS_PER_CHARACTER) {
        pendingBits -= BITS_PER_CHARACTER;
        text.append(ALPHABET.charAt(pending >>> pendingBits));
        pending &= (1 << pendingBits) - 1;
      }
    }
    return text.toString();
  }

  /**
   * The number that {@code text} spells.
   *
   * @param bytes how many it takes
   * @throws IllegalArgumentException when it is not the canonical spelling of such a number
   */
  static byte[] decode(String text, int bytes) {
    if (!isCanonical(text, bytes * Byte.SIZE)) {
      throw new IllegalArgumentException("not Crockford's base32");
    }
    byte[] decoded = new byte[bytes];
    int pending = 0;
    int pendingBits = -padding(bytes * Byte.SIZE);
    int next = 0;
    for (int i = 0; i < text.length(); i++) {
      pending = pending << BITS_PER_CHARACTER | ALPHABET.indexOf(text.charAt(i));
      pendingBits += BITS_PER_CHARACTER;
      if (pendingBits >= Byte.SIZE) {
        pendingBits -= Byte.SIZE;
        decoded[next++] = (byte) (pending >>> pendingBits);
        pending &= (1 << pendingBits) - 1;
      }
    }
    return decoded;
  }

  /** Whether {@code text} is the canonical spelling of some value of {@code bits} bits. */
  public static boolean isCanonical(String text, int bits) {
    if (text.length() != length(bits)) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (ALPHABET.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    int mostOfFirst = (1 << (BITS_PER_CHARACTER - padding(bits))) - 1;
    return ALPHABET.indexOf(text.charAt(0)) <= mostOfFirst;
  }

  /** The bits of the first character that are always zero. */
  private static int padding(int bits) {
    return length(bits) * BITS_PER_CHARACTER - bits;
  }
}
