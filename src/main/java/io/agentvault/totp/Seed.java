package io.agentvault.totp;

import io.agentvault.problem.BadRequest;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The shared secret of a one-time code: 10 to 640 bytes. It can be used, never printed: this is a
 * class and not a record because a record prints its components.
 */
public final class Seed {
  /** The shortest seed that is taken; wire contract §2. */
  public static final int MIN_BITS = 80;

  /** The longest text that is read, separators and padding included. */
  public static final int MAX_CHARACTERS = 1024;

  private static final int BITS_PER_SYMBOL = 5;
  private static final int NO_SYMBOL = -1;

  private final byte[] bytes;

  private Seed(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads base32 (RFC 4648, section 6) in any case. Spaces, tabs, line ends and dashes are skipped
   * wherever they stand; padding may be missing, short or percent-encoded. Bits after the last
   * whole byte are dropped, as authenticator apps do.
   *
   * @param field what to call the text in an error
   * @throws BadRequest if it is empty, not base32, over {@link #MAX_CHARACTERS} or under {@link
   *     #MIN_BITS}
   */
  public static Seed parse(String field, String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new BadRequest(field, "must be at most " + MAX_CHARACTERS + " characters");
    }
    byte[] bytes = decode(field, text, endOfSymbols(text));
    if (bytes.length * Byte.SIZE < MIN_BITS) {
      throw new BadRequest(field, "must be a seed of at least " + MIN_BITS + " bits");
    }
    return new Seed(bytes);
  }

  /** The only way out of a seed, into the HMAC. */
  SecretKeySpec key(Algorithm algorithm) {
    return new SecretKeySpec(bytes, algorithm.macName());
  }

  /** The same bytes; takes the same time wherever they differ. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Seed seed && MessageDigest.isEqual(bytes, seed.bytes);
  }

  /** The same for all seeds: a hash of the bytes would tell of them. */
  @Override
  public int hashCode() {
    return Seed.class.hashCode();
  }

  @Override
  public String toString() {
    return "Seed[redacted]";
  }

  private static byte[] decode(String field, String text, int end) {
    byte[] bytes = new byte[end * BITS_PER_SYMBOL / Byte.SIZE];
    int size = 0;
    int symbols = 0;
    int buffer = 0;
    int buffered = 0;
    for (int i = 0; i < end; i++) {
      char character = text.charAt(i);
      if (isSeparator(character)) {
        continue;
      }
      int symbol = symbolOf(character);
      if (symbol == NO_SYMBOL) {
        throw new BadRequest(field, "must be base32");
      }
      symbols++;
      buffer = buffer << BITS_PER_SYMBOL | symbol;
      buffered += BITS_PER_SYMBOL;
      if (buffered >= Byte.SIZE) {
        buffered -= Byte.SIZE;
        bytes[size++] = (byte) (buffer >>> buffered);
      }
    }
    requirePossibleLength(field, symbols);
    return Arrays.copyOf(bytes, size);
  }

  /**
   * Groups of 8 symbols are 5 bytes; a last group of 1, 3 or 6 encodes no whole number of bytes, so
   * a symbol was lost or added. Refused here, it can be put right; accepted, every code is wrong.
   */
  private static void requirePossibleLength(String field, int symbols) {
    if (symbols == 0) {
      throw new BadRequest(field, "must not be empty");
    }
    int last = symbols % 8;
    if (last == 1 || last == 3 || last == 6) {
      throw new BadRequest(field, "must be whole base32: a character is missing or too many");
    }
  }

  /** Where the padding begins, counted back over {@code =}, {@code %3D} and separators. */
  private static int endOfSymbols(String text) {
    int end = text.length();
    while (end > 0) {
      char last = text.charAt(end - 1);
      if (last == '=' || isSeparator(last)) {
        end--;
      } else if (text.regionMatches(true, end - 3, "%3D", 0, 3)) {
        end -= 3;
      } else {
        break;
      }
    }
    return end;
  }

  private static boolean isSeparator(char character) {
    return switch (character) {
      case ' ', '-', '\t', '\r', '\n' -> true;
      default -> false;
    };
  }

  private static int symbolOf(char character) {
    if (character >= 'A' && character <= 'Z') {
      return character - 'A';
    }
    if (character >= 'a' && character <= 'z') {
      return character - 'a';
    }
    if (character >= '2' && character <= '7') {
      return character - '2' + 26;
    }
    return NO_SYMBOL;
  }
}
