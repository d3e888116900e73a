package io.agentvault.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** RFC 4226 and RFC 6238 written down once more, with nothing of the product's in it. */
final class ReferenceCodes {
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String STEAM = "23456789BCDFGHJKMNPQRTVWXY";

  private ReferenceCodes() {}

  static String totp(String seed, String algorithm, int digits, int period, Instant at) {
    return hotp(seed, algorithm, digits, Math.floorDiv(at.getEpochSecond(), (long) period));
  }

  static String hotp(String seed, String algorithm, int digits, long counter) {
    long code = truncated(seed, algorithm, counter) % (long) Math.pow(10, digits);
    return ("0".repeat(digits) + code).substring(Long.toString(code).length());
  }

  static String steam(String seed, Instant at) {
    long rest = truncated(seed, "SHA1", Math.floorDiv(at.getEpochSecond(), 30L));
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      code.append(STEAM.charAt((int) (rest % STEAM.length())));
      rest /= STEAM.length();
    }
    return code.toString();
  }

  private static long truncated(String seed, String algorithm, long counter) {
    try {
      Mac mac = Mac.getInstance("Hmac" + algorithm);
      mac.init(new SecretKeySpec(decoded(seed), "RAW"));
      byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(counter).array());
      int offset = hash[hash.length - 1] & 0xF;
      return ByteBuffer.wrap(hash).getInt(offset) & 0x7FFF_FFFFL;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] decoded(String seed) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int buffer = 0;
    int bits = 0;
    for (char symbol : seed.toCharArray()) {
      buffer = buffer << 5 | BASE32.indexOf(symbol);
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes.write(buffer >>> bits);
        buffer &= (1 << bits) - 1;
      }
    }
    return bytes.toByteArray();
  }
}
