package io.agentvault.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class DerivedKeyTest {
  private static final byte[] MESSAGE = "what is vouched for".getBytes(UTF_8);

  /** RFC 5869 written out: without a salt 32 zeros extract, and one block is expanded. */
  @Test
  void isWhatHkdfAndHmacMakeOfKeyAndPurpose() throws GeneralSecurityException {
    byte[] key = new byte[DataKeyUnwrapper.DATA_KEY_BYTES];
    key[0] = 1;
    byte[] extracted = hmac(new byte[32], key);
    byte[] derived = hmac(extracted, "agent-vault purpose\u0001".getBytes(UTF_8));
    try (Secret dataKey = Secret.of(key)) {
      assertThat(DerivedKey.mac(dataKey, "purpose", MESSAGE)).isEqualTo(hmac(derived, MESSAGE));
      assertThat(DerivedKey.mac(dataKey, "another", MESSAGE)).isNotEqualTo(hmac(derived, MESSAGE));
    }
  }

  private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }
}
