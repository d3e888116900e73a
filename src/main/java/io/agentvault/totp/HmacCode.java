package io.agentvault.totp;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.time.Duration;
import java.time.Instant;
import javax.crypto.Mac;

/** HOTP(K, C) of RFC 4226, section 5.3, over any of the three hashes and for any 64-bit counter. */
final class HmacCode {
  static final int STEAM_CHARACTERS = 5;

  private static final String STEAM_ALPHABET = "23456789BCDFGHJKMNPQRTVWXY";

  /**
   * java-otp takes the algorithm only together with a time step. With a step of one millisecond,
   * the instant's milliseconds are the counter itself, so this serves TOTP and HOTP alike and the
   * rounding of instants before 1970 stays ours.
   */
  private static final Duration ONE_COUNT = Duration.ofMillis(1);

  private HmacCode() {}

  /**
   * The code in decimal.
   *
   * @param digits 6 to 8; the code has exactly as many characters, leading zeros included
   */
  static String decimal(Seed seed, Algorithm algorithm, int digits, long counter) {
    var generator = new TimeBasedOneTimePasswordGenerator(ONE_COUNT, digits, algorithm.macName());
    try {
      // Not generateOneTimePasswordString: it formats in a locale's digits.
      int code =
          generator.generateOneTimePassword(seed.key(algorithm), Instant.ofEpochMilli(counter));
      String shortest = Integer.toString(code);
      return "0".repeat(digits - shortest.length()) + shortest;
    } catch (InvalidKeyException impossible) {
      throw new IllegalStateException("HMAC refused a seed of a length it allows", impossible);
    }
  }

  /** The code in Steam's alphabet, least significant character first. */
  static String steam(Seed seed, long counter) {
    int rest = truncated(seed, counter);
    var code = new StringBuilder(STEAM_CHARACTERS);
    for (int i = 0; i < STEAM_CHARACTERS; i++) {
      code.append(STEAM_ALPHABET.charAt(rest % STEAM_ALPHABET.length()));
      rest /= STEAM_ALPHABET.length();
    }
    return code.toString();
  }

  /**
   * RFC 4226, section 5.3, step 2: 31 bits of HMAC-SHA1. Steam divides them by a power of 26, so
   * java-otp's answer, already cut to decimal digits, is of no use to it.
   */
  private static int truncated(Seed seed, long counter) {
    byte[] hash = hmacSha1(seed, ByteBuffer.allocate(Long.BYTES).putLong(counter).array());
    int offset = hash[hash.length - 1] & 0xF;
    return ByteBuffer.wrap(hash).getInt(offset) & Integer.MAX_VALUE;
  }

  private static byte[] hmacSha1(Seed seed, byte[] message) {
    try {
      Mac mac = Mac.getInstance(Algorithm.SHA1.macName());
      mac.init(seed.key(Algorithm.SHA1));
      return mac.doFinal(message);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("HMAC-SHA1 is part of every JDK", impossible);
    }
  }
}
