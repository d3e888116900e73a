package io.agentvault.revocation;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A seed of one-time codes and its codes, reckoned by RFC 4226 (5.3) and RFC 6238 apart from the
 * product.
 *
 * @param algorithm as answers name it
 * @param counter the first one of a counted code; empty for a timed one
 */
record OneTimeSeed(String algorithm, int digits, int periodSeconds, OptionalLong counter) {
  /** The seed of RFC 4226, appendix D; every sample has it. */
  static final String BASE32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  private static final byte[] SEED = "12345678901234567890".getBytes(US_ASCII);

  static OneTimeSeed timed(String algorithm, int digits, int periodSeconds) {
    return new OneTimeSeed(algorithm, digits, periodSeconds, OptionalLong.empty());
  }

  static OneTimeSeed counted(long counter) {
    return new OneTimeSeed("SHA1", 6, 0, OptionalLong.of(counter));
  }

  /** The code of a time step or counter. */
  String code(long movingFactor) {
    try {
      Mac mac = Mac.getInstance("Hmac" + algorithm);
      mac.init(new SecretKeySpec(SEED, "RAW"));
      byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(movingFactor).array());
      int offset = hash[hash.length - 1] & 15;
      int number = ByteBuffer.wrap(hash).getInt(offset) & Integer.MAX_VALUE;
      return String.format(
          Locale.ROOT,
          "%0" + digits + "d",
          number % Math.toIntExact(Math.round(Math.pow(10, digits))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
