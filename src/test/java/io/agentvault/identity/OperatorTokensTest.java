package io.agentvault.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.identity.Caller.Operator;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.Unauthorized;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorTokensTest {
  private static final Tokens ISSUER = new Tokens();
  private static final Tokens STRANGER = new Tokens();

  /** The library has no clock but the system's; hours lie between it and each token's end. */
  private static final Instant NOW = Instant.now();

  private final OperatorTokens tokens =
      new OperatorTokens(Tokens.RULES, OperatorKeySet.inline(ISSUER.jwks()), Clock.systemUTC());

  @Test
  void anEllipticSignatureOfTheIssuerMakesAnOperatorOfItsTenant() {
    Operator operator = tokens.verify(ISSUER.valid());

    assertThat(operator.tenant()).isEqualTo("acme");
    assertThat(operator.name()).isEqualTo("olga");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "RS512", "PS256", "PS512"})
  void anRsaSignatureOfTheIssuerIsTaken(String algorithm) {
    assertThat(tokens.verify(rsa(algorithm)).tenant()).isEqualTo("acme");
  }

  private static String rsa(String algorithm) {
    return ISSUER.signed(algorithm, "rsa", ISSUER.rsa.getPrivateKey(), claims -> {});
  }

  @Test
  void aTokenWithoutASignatureIsUnauthorized() {
    String[] parts = ISSUER.valid().split("\\.", -1);
    String none = base64("{\"alg\":\"none\",\"kid\":\"elliptic\"}");

    assertUnauthorized(none + "." + parts[1] + ".");
    assertUnauthorized(none + "." + parts[1] + "." + parts[2]);
    assertUnauthorized(parts[0] + "." + parts[1] + ".");
    assertUnauthorized(parts[0] + "." + parts[1]);
  }

  @Test
  void aPublicKeyAsTheSecretOfAnHmacIsUnauthorized() {
    for (byte[] secret :
        List.of(
            ISSUER.rsa.getPublicKey().getEncoded(),
            ISSUER.elliptic.getPublicKey().getEncoded(),
            ISSUER.jwks().getBytes(UTF_8))) {
      for (String keyId : List.of("rsa", "elliptic")) {
        assertUnauthorized(ISSUER.signed("HS256", keyId, new HmacKey(secret), claims -> {}));
      }
    }
  }

  @Test
  void aSignatureOfAnotherIssuersKeyUnderTheSameKeyIdIsUnauthorized() {
    assertUnauthorized(STRANGER.valid());
  }

  @Test
  void anUnknownKeyIdIsUnauthorized() {
    assertUnauthorized(
        ISSUER.signed("ES256", "another", ISSUER.elliptic.getPrivateKey(), claims -> {}));
  }

  @Test
  void claimsChangedAfterSigningAreUnauthorized() {
    String[] parts = ISSUER.valid().split("\\.", -1);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);

    assertUnauthorized(parts[0] + "." + base64(claims.replace("acme", "evil")) + "." + parts[2]);
  }

  @Test
  void aTokenOfAnotherIssuerOrForAnotherAudienceIsUnauthorized() {
    assertUnauthorized(claims -> claims.setIssuer("https://other.example"));
    assertUnauthorized(claims -> claims.setIssuer(""));
    assertUnauthorized(claims -> claims.unsetClaim("iss"));
    assertUnauthorized(claims -> claims.setAudience("another"));
    assertUnauthorized(claims -> claims.unsetClaim("aud"));
    assertThat(tokens.verify(ISSUER.with(claims -> claims.setAudience("other", "agent-vault"))))
        .isNotNull();
  }

  @Test
  void anExpiredTokenAndOneThatNeverExpiresAreUnauthorized() {
    assertUnauthorized(
        claims -> {
          claims.setIssuedAt(NumericDate.fromSeconds(Tokens.PAST - 60));
          claims.setExpirationTime(NumericDate.fromSeconds(Tokens.PAST));
        });
    assertUnauthorized(claims -> claims.unsetClaim("exp"));
    assertUnauthorized(claims -> claims.setNotBefore(NumericDate.fromSeconds(Tokens.FAR - 60)));
  }

  @Test
  void aTokenOfSomebodyWhoIsNoOperatorIsForbidden() {
    assertForbidden(claims -> claims.unsetClaim("groups"));
    assertForbidden(claims -> claims.setStringListClaim("groups", "vault-operators", "admin"));
    assertForbidden(claims -> claims.setStringListClaim("groups", "admin vault-operator"));
    assertForbidden(claims -> claims.setClaim("groups", List.of(1, 2)));
    assertForbidden(
        claims -> {
          claims.unsetClaim("groups");
          claims.setStringClaim("scope", "openid not-vault-operator");
        });
    assertForbidden(
        claims -> {
          claims.unsetClaim("groups");
          claims.setClaim("scope", List.of("vault-operator"));
        });
  }

  @Test
  void theScopeClaimMakesAnOperatorToo() {
    String token =
        ISSUER.with(
            claims -> {
              claims.unsetClaim("groups");
              claims.setStringClaim("scope", "openid vault-operator profile");
            });

    assertThat(tokens.verify(token).tenant()).isEqualTo("acme");
    assertThat(
            tokens.verify(
                ISSUER.with(claims -> claims.setStringClaim("groups", "dev vault-operator"))))
        .isNotNull();
  }

  @Test
  void aTokenThatNamesNoTenantIsOfTheDefaultOne() {
    assertThat(tokens.verify(ISSUER.with(claims -> claims.unsetClaim("tenant"))).tenant())
        .isEqualTo("default");
  }

  @Test
  void aTokenThatNamesNoTenantIsUnauthorizedWhereSeveralShareADeployment() {
    OperatorTokens shared = withRules(Tenancy.MULTIPLE, Tokens.RULES.longestLife());

    assertThatThrownBy(() -> shared.verify(ISSUER.with(claims -> claims.unsetClaim("tenant"))))
        .isInstanceOf(Unauthorized.class)
        .hasMessage(Unauthorized.MESSAGE);
    assertThat(shared.verify(ISSUER.valid()).tenant()).isEqualTo("acme");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -3_600, 60})
  void aTokenLivesAsLongAsTheDeploymentAllowsAndNotASecondLonger(long issuedSince) {
    OperatorTokens strict = withRules(Tenancy.SINGLE, Duration.ofHours(12));
    long issued = NOW.getEpochSecond() + issuedSince;

    assertThat(strict.verify(living(issued, issued + 43_200)).tenant()).isEqualTo("acme");
    assertThatThrownBy(() -> strict.verify(living(issued, issued + 43_201)))
        .isInstanceOf(Unauthorized.class)
        .hasMessage(Unauthorized.MESSAGE);
  }

  @Test
  void aTokenThatDoesNotSayWhenItWasMadeOrSaysLaterThanNowIsUnauthorized() {
    assertUnauthorized(claims -> claims.unsetClaim("iat"));
    assertUnauthorized(claims -> claims.setClaim("iat", "yesterday"));
    assertUnauthorized(claims -> claims.setClaim("iat", 9e18));
    assertUnauthorized(claims -> claims.setClaim("iat", -9e18));
    OperatorTokens strict = withRules(Tenancy.SINGLE, Duration.ofHours(12));
    long future = NOW.getEpochSecond() + 61;
    assertThatThrownBy(() -> strict.verify(living(future, future + 900)))
        .isInstanceOf(Unauthorized.class);
  }

  private static OperatorTokens withRules(Tenancy tenancy, Duration longestLife) {
    return new OperatorTokens(
        new OperatorTokens.Rules(Tokens.ISSUER, Tokens.AUDIENCE, tenancy, longestLife),
        OperatorKeySet.inline(ISSUER.jwks()),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static String living(long issued, long expires) {
    return ISSUER.with(
        claims -> {
          claims.setIssuedAt(NumericDate.fromSeconds(issued));
          claims.setExpirationTime(NumericDate.fromSeconds(expires));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "-a", "a/b", "AGENT#x", "é", "a\n"})
  void aTenantClaimThatIsNoTenantsNameIsUnauthorized(String tenant) {
    assertUnauthorized(claims -> claims.setStringClaim("tenant", tenant));
  }

  @Test
  void aTenantClaimOfAnotherTypeOrLengthIsUnauthorized() {
    assertUnauthorized(claims -> claims.setClaim("tenant", 7));
    assertUnauthorized(claims -> claims.setStringListClaim("tenant", "acme"));
    assertUnauthorized(claims -> claims.setStringClaim("tenant", "a".repeat(65)));
    assertThat(
            tokens
                .verify(ISSUER.with(claims -> claims.setStringClaim("tenant", "a".repeat(64))))
                .tenant())
        .hasSize(64);
  }

  @Test
  void anOperatorsNameIsTheSubjectCutTo256Characters() {
    assertThat(tokens.verify(ISSUER.with(claims -> claims.setSubject("s".repeat(257)))).name())
        .isEqualTo("s".repeat(256));
    assertThat(tokens.verify(ISSUER.with(claims -> claims.unsetClaim("sub"))).name())
        .isEqualTo("operator");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "x", "a.b.c", "eyJ.eyJ.eyJ", "avk_x"})
  void whatIsNoTokenIsUnauthorized(String token) {
    assertUnauthorized(token);
  }

  @Test
  void aTokenOfMoreThan16KiBIsNotLookedAt() {
    assertUnauthorized(claims -> claims.setStringClaim("padding", "p".repeat(16_384)));
    assertThat(
            tokens.verify(
                ISSUER.with(claims -> claims.setStringClaim("padding", "p".repeat(10_000)))))
        .isNotNull();
  }

  @Test
  void anOperatorWhomIamLetInIsOfTheTenantItNames() {
    assertThat(OperatorTokens.trusted("acme").tenant()).isEqualTo("acme");
    assertThat(OperatorTokens.trusted("acme").name()).isEqualTo("direct invocation");
    assertThatThrownBy(() -> OperatorTokens.trusted("a/b"))
        .isInstanceOf(BadRequest.class)
        .hasMessage("tenant must be 1 to 64 letters, digits, dots, dashes or underscores");
  }

  private void assertUnauthorized(Consumer<JwtClaims> change) {
    assertUnauthorized(ISSUER.with(change));
  }

  private void assertUnauthorized(String token) {
    assertThatThrownBy(() -> tokens.verify(token))
        .isInstanceOf(Unauthorized.class)
        .hasMessage(Unauthorized.MESSAGE);
  }

  private void assertForbidden(Consumer<JwtClaims> change) {
    String token = ISSUER.with(change);
    assertThatThrownBy(() -> tokens.verify(token))
        .isInstanceOf(Forbidden.class)
        .hasMessage("missing scope: vault-operator");
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
