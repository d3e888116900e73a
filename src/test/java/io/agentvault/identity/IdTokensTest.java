package io.agentvault.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.Unauthorized;
import java.util.List;
import java.util.function.Consumer;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sign-in is for one deposit of this deployment, or for nothing. */
class IdTokensTest {
  private static final Tokens ISSUER = new Tokens();
  private static final String CLIENT = "deposits";
  private static final DepositToken DEPOSIT = deposit(1);

  private final IdTokens tokens = new IdTokens(Tokens.ISSUER, CLIENT);

  private static DepositToken deposit(int secret) {
    byte[] bytes = new byte[DepositToken.SECRET_BYTES];
    bytes[0] = (byte) secret;
    return DepositToken.of(
        new AgentId("0".repeat(AgentId.CHARACTERS)), "0".repeat(AgentId.CHARACTERS), bytes);
  }

  private static String token(Consumer<JwtClaims> change) {
    return ISSUER.with(claims -> change.accept(signIn(claims)));
  }

  private static JwtClaims signIn(JwtClaims claims) {
    claims.setAudience(CLIENT);
    claims.setSubject("alice");
    claims.setStringClaim("nonce", DEPOSIT.nonce());
    return claims;
  }

  private String subject(String token) {
    return tokens.subject(token, DEPOSIT, OperatorKeySet.inline(ISSUER.jwks()));
  }

  @Test
  void aTokenOfTheIssuerForThisDepositNamesItsSubject() {
    assertThat(subject(token(claims -> {}))).isEqualTo("alice");
    assertThat(
            subject(
                token(
                    claims -> {
                      claims.setAudience(List.of(CLIENT, "another"));
                      claims.setStringClaim("azp", CLIENT);
                    })))
        .isEqualTo("alice");
  }

  private enum Wrong {
    ISSUER(claims -> claims.setIssuer("https://elsewhere.example")),
    AUDIENCE(claims -> claims.setAudience("another")),
    AUDIENCES_WITHOUT_PARTY(claims -> claims.setAudience(List.of(CLIENT, "another"))),
    GIVEN_TO_ANOTHER_PARTY(claims -> claims.setStringClaim("azp", "another")),
    EXPIRED(claims -> claims.setExpirationTime(NumericDate.fromSeconds(Tokens.PAST + 1))),
    WITHOUT_EXPIRY(claims -> claims.unsetClaim("exp")),
    NONCE_OF_ANOTHER_DEPOSIT(claims -> claims.setStringClaim("nonce", deposit(2).nonce())),
    WITHOUT_NONCE(claims -> claims.unsetClaim("nonce")),
    WITHOUT_SUBJECT(claims -> claims.unsetClaim("sub")),
    EMPTY_SUBJECT(claims -> claims.setSubject(""));

    private final Consumer<JwtClaims> change;

    Wrong(Consumer<JwtClaims> change) {
      this.change = change;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTokenThatIsWrongInOneThingNamesNobody(Wrong wrong) {
    String token = token(wrong.change);
    assertThatThrownBy(() -> subject(token)).isInstanceOf(Unauthorized.class);
  }

  @Test
  void aTokenOfAnotherKeyOrASharedOneNamesNobody() {
    Tokens stranger = new Tokens();
    String forged = stranger.with(IdTokensTest::signIn);
    HmacKey shared = new HmacKey(new byte[32]);
    String symmetric = ISSUER.signed("HS256", "elliptic", shared, IdTokensTest::signIn);
    for (String token : List.of(forged, symmetric, "", "a.b.c", "x".repeat(20_000))) {
      assertThatThrownBy(() -> subject(token)).isInstanceOf(Unauthorized.class);
    }
  }
}
