package io.agentvault.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Keys that vouch, derived from a data key, one for each purpose: what they authenticate dies with
 * the data key, and nobody who has the table alone can make it. HKDF-SHA256 with no salt, the
 * purpose as info; HMAC-SHA256. No content key is ever derived so: those have a salt.
 */
public final class DerivedKey {
  private static final int KEY_BYTES = 32;

  private DerivedKey() {}

  /**
   * What vouches for {@code message}.
   *
   * @param dataKey the identity's, 32 bytes
   * @param purpose what for; no two uses of a data key share one
   * @return 32 bytes
   */
  public static byte[] mac(Secret dataKey, String purpose, byte[] message) {
    try {
      HKDFParameterSpec parameters =
          HKDFParameterSpec.ofExtract()
              .addIKM(dataKey.expose())
              .thenExpand(("agent-vault " + purpose).getBytes(UTF_8), KEY_BYTES);
      SecretKey key = KDF.getInstance("HKDF-SHA256").deriveKey("HmacSHA256", parameters);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HKDF-SHA256 or HmacSHA256", e);
    }
  }
}
