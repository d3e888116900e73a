package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.Internal;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.MutableClock;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;

/** What is signed is verified by an independent JOSE library, and nothing else is. */
class SignerTest {
  private static final String PAYLOAD = "{\"root\":\"ü\"}";
  private final FakeSigner signer = new FakeSigner();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(3), new MutableClock());

  @RepeatedTest(50) // numbers with a sign byte and short ones both come within a few
  void anIndependentLibraryVerifiesWhatIsSigned() throws JoseException {
    String signed = signer.sign("a+jws", PAYLOAD, deadline);

    assertThat(verifies(signed)).isTrue();
    JsonWebSignature read = parsed(signed);
    assertThat(read.getHeader("typ")).isEqualTo("a+jws");
    assertThat(read.getAlgorithmHeaderValue()).isEqualTo("ES256");
    assertThat(read.getKeyIdHeaderValue()).isEqualTo("0fedcba9-12ab-34cd-56ef-1234567890ab");
    assertThat(signed).doesNotContain("111122223333");
  }

  @Test
  void aSignatureWithAnyBitChangedIsRefused() {
    String signed = signer.sign("a+jws", PAYLOAD, deadline);
    int dot = signed.lastIndexOf('.');
    byte[] signature = Base64.getUrlDecoder().decode(signed.substring(dot + 1));
    assertThat(signature).hasSize(64);
    for (int bit = 0; bit < signature.length * 8; bit++) {
      byte[] changed = signature.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      String forged =
          signed.substring(0, dot + 1)
              + Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
      assertThat(verifies(forged)).as("bit %d", bit).isFalse();
    }
  }

  @Test
  void theKeyServiceSeesADigestOnly() {
    signer.sign("a+jws", PAYLOAD, deadline);

    assertThat(signer.signs)
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.message().asByteArray()).hasSize(32);
              assertThat(request.signingAlgorithm()).isEqualTo(SigningAlgorithmSpec.ECDSA_SHA_256);
            });
  }

  @Test
  void aKeyThatIsOutOfUseIsUnavailable() {
    signer.fault = DisabledException.builder().statusCode(400).build();
    assertThatThrownBy(() -> signer.sign("a+jws", PAYLOAD, deadline))
        .isInstanceOf(Unavailable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "30060201010201", // cut
        "3006020101020101ff", // longer than it says
        "3106020101020101", // no sequence
        "3006030101020101", // no number
        "30060201ff020101", // negative
        "3006020001020101", // of no bytes
        "3006027f01020101", // beyond its end
        "3006020401020304", // of one number
        "3006020301020302" // of one number and the beginning of another
      })
  void whatIsNoSignatureIsNotPassedOn(String hex) {
    assertThatThrownBy(() -> EcdsaSignature.concatenated(HexFormat.of().parseHex(hex)))
        .isInstanceOf(Internal.class);
  }

  @Test
  void theShortestNumbersAreOfThirtyTwoBytesToo() {
    byte[] both = EcdsaSignature.concatenated(HexFormat.of().parseHex("3006020101020102"));
    assertThat(both).hasSize(64);
    assertThat(new BigInteger(1, both)).isEqualTo(BigInteger.ONE.shiftLeft(256).or(BigInteger.TWO));
  }

  @Test
  void anyNumberOfThirtyTwoBytesIsOne() {
    BigInteger beyond = BigInteger.ONE.shiftLeft(256);
    byte[] greatest = new byte[32];
    Arrays.fill(greatest, (byte) 0xff);
    assertThat(EcdsaSignature.fixed(BigInteger.ZERO)).isEqualTo(new byte[32]);
    assertThat(EcdsaSignature.fixed(beyond.subtract(BigInteger.ONE))).isEqualTo(greatest);
    assertThatThrownBy(() -> EcdsaSignature.fixed(beyond.shiftLeft(8).subtract(BigInteger.ONE)))
        .isInstanceOf(Internal.class);
  }

  private boolean verifies(String signed) {
    try {
      return parsed(signed).verifySignature();
    } catch (JoseException e) {
      return false;
    }
  }

  private JsonWebSignature parsed(String signed) throws JoseException {
    JsonWebSignature read = new JsonWebSignature();
    read.setCompactSerialization(signed);
    read.setKey(
        new JsonWebKeySet(signer.publicKeys(deadline))
            .getJsonWebKeys().stream()
                .filter(key -> key.getKeyId().equals(read.getKeyIdHeaderValue()))
                .findFirst()
                .orElseThrow()
                .getKey());
    return read;
  }
}
