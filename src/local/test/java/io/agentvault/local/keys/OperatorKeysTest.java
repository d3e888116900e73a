package io.agentvault.local.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OperatorKeysTest {
  @TempDir private Path directory;

  private static JwtClaims verified(String token, String jwks)
      throws JoseException, InvalidJwtException {
    return new JwtConsumerBuilder()
        .setVerificationKeyResolver(
            new JwksVerificationKeyResolver(new JsonWebKeySet(jwks).getJsonWebKeys()))
        .setJwsAlgorithmConstraints(
            AlgorithmConstraints.ConstraintType.PERMIT,
            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256)
        .setExpectedIssuer(OperatorKeys.LOCAL_ISSUER)
        .setExpectedAudience(OperatorKeys.AUDIENCE)
        .setRequireExpirationTime()
        .build()
        .processToClaims(token);
  }

  // Repeated, since a coordinate with a leading zero byte comes once in 256 keys.
  @RepeatedTest(20)
  void aTokenVerifiesAgainstThePublishedKeys() throws Exception {
    OperatorKeys keys = OperatorKeys.generate();
    JwtClaims claims = verified(keys.mint("acme", Duration.ofMinutes(5)), keys.jwks());
    assertThat(claims.getStringClaimValue("tenant")).isEqualTo("acme");
    assertThat(claims.getStringListClaimValue("groups")).containsExactly("vault-operator");
  }

  @Test
  void aTokenOfOtherKeysDoesNotVerify() {
    String token = OperatorKeys.generate().mint("acme", Duration.ofMinutes(5));
    assertThatExceptionOfType(InvalidJwtException.class)
        .isThrownBy(() -> verified(token, OperatorKeys.generate().jwks()));
  }

  @Test
  void keysInAFileAreMadeOnceAndReadableByTheirOwnerOnly() throws Exception {
    Path file = directory.resolve("deeper/operator.json");
    String jwks = OperatorKeys.in(file).jwks();
    OperatorKeys again = OperatorKeys.in(file);
    assertThat(again.jwks()).isEqualTo(jwks).doesNotContain("\"d\"");
    assertThat(verified(again.mint("acme", Duration.ofMinutes(5)), jwks).getIssuer()).isNotEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aCorruptFileIsNamedAndNotQuoted() throws IOException {
    Path file = Files.writeString(directory.resolve("operator.json"), "{\"d\":\"quoted\"");
    assertThatIllegalStateException()
        .isThrownBy(() -> OperatorKeys.in(file))
        .withMessageContaining("operator.json")
        .withMessageNotContaining("quoted")
        .withNoCause();
  }
}
