package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.deployment.Script.Result;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script's keys and tokens, read by the library that the identity function verifies with. */
class OperatorTokenTest {
  @TempDir private Path home;
  private Script script = Script.named("operator-token");

  @BeforeEach
  void keyInATemporaryPlace() {
    script = script.with("OPERATOR_KEY", key().toString());
  }

  @Test
  void tokenVerifiesAgainstThePrintedKeys() throws Exception {
    String jwks = script.run("init").output();
    // Signatures differ from run to run, and so do the lengths of their two integers.
    for (int i = 0; i < 12; i++) {
      Result minted =
          script.run(
              "mint",
              "--tenant",
              "acme",
              "--issuer",
              "https://op",
              "--audience",
              "vault-x",
              "--subject",
              "me",
              "--ttl",
              "60");
      JwtClaims claims =
          new JwtConsumerBuilder()
              .setVerificationKeyResolver(
                  new JwksVerificationKeyResolver(new JsonWebKeySet(jwks).getJsonWebKeys()))
              .setExpectedIssuer("https://op")
              .setExpectedAudience("vault-x")
              .setRequireExpirationTime()
              .setRequireIssuedAt()
              .setRequireJwtId()
              .build()
              .processToClaims(minted.output().strip());
      assertThat(claims.getStringClaimValue("tenant")).isEqualTo("acme");
      assertThat(claims.getSubject()).isEqualTo("me");
      assertThat(claims.getStringListClaimValue("groups")).containsExactly("vault-operator");
      assertThat(claims.getExpirationTime().getValue() - claims.getIssuedAt().getValue())
          .isEqualTo(60);
    }
  }

  @Test
  void printedKeysArePublicAndFitTheTemplatesParameter() {
    String jwks = script.run("init").output().strip();
    assertThat(jwks)
        .matches(
            Tree.text(
                CloudFormation.read(CloudFormation.TEMPLATE).section("Parameters"),
                "OperatorJwks",
                "AllowedPattern"))
        .doesNotContain("\"d\"");
    assertThat(script.run("jwks").output().strip()).isEqualTo(jwks);
  }

  @Test
  void privateKeyIsKeptReadableByItsOwnerAloneAndNeverOverwritten() throws IOException {
    script.run("init");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key())))
        .isEqualTo("rw-------");
    byte[] before = Files.readAllBytes(key());
    Result again = script.run("init");
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.error()).contains("exists and is kept");
    assertThat(Files.readAllBytes(key())).isEqualTo(before);
  }

  @Test
  void headerNamesTheKeyAndAnAsymmetricAlgorithm() {
    String jwks = script.run("init").output();
    String token = script.run("mint").output();
    JsonObject header =
        object(
            new String(
                Base64.getUrlDecoder().decode(token.split("\\.", -1)[0]), StandardCharsets.UTF_8));
    assertThat(header.getString("alg")).isEqualTo("ES256");
    assertThat(header.getString("kid"))
        .isEqualTo(object(jwks).getJsonArray("keys").getJsonObject(0).getString("kid"));
  }

  @ParameterizedTest
  @CsvSource({
    "--ttl, 0, whole seconds",
    "--ttl, 43201, whole seconds",
    "--ttl, soon, whole seconds",
    "--tenant, 'a\"b', take 1 to 256",
    "--subject, '', take 1 to 256",
    "--colour, red, unknown option"
  })
  void whatCannotBeMeantIsRefusedInOneSentence(String option, String value, String sentence) {
    script.run("init");
    Result refused = script.run("mint", option, value);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.output()).isEmpty();
    assertThat(refused.error()).startsWith("operator-token: ").contains(sentence).hasLineCount(1);
  }

  @Test
  void missingKeySaysHowToMakeOne() {
    assertThat(script.run("mint").error()).contains("init").hasLineCount(1);
  }

  private Path key() {
    return home.resolve("operator.pem");
  }

  private static JsonObject object(String json) {
    return Json.createReader(new StringReader(json)).readObject();
  }
}
