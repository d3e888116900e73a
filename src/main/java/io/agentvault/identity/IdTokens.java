package io.agentvault.identity;

import io.agentvault.problem.Unauthorized;
import io.smallrye.jwt.auth.principal.DefaultJWTTokenParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.ParseException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.keys.resolvers.VerificationKeyResolver;

/**
 * The only place where the token of a human's sign-in becomes a subject: an asymmetric signature by
 * a key of the operators' issuer, issuer, audience, expiry, and the nonce of the deposit that it is
 * for, so that a sign-in for one link opens no other.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation">OpenID
 *     Connect Core 1.0, 3.1.3.7</a>
 */
public final class IdTokens {
  private static final int LONGEST_TOKEN_CHARACTERS = 16_384;
  private static final int LONGEST_SUBJECT_CHARACTERS = 255;

  private final JWTAuthContextInfo expectations = new JWTAuthContextInfo();
  private final String clientId;

  /**
   * @param issuer the {@code iss} expected
   * @param clientId the {@code aud} expected
   */
  public IdTokens(String issuer, String clientId) {
    this.clientId = clientId;
    expectations.setIssuedBy(issuer);
    expectations.setExpectedAudience(Set.of(clientId));
    expectations.setSignatureAlgorithm(OperatorTokens.ALLOWED);
    expectations.setRequireNamedPrincipal(false);
  }

  /**
   * Who signed in for that deposit.
   *
   * @param keys the issuer's
   * @throws Unauthorized when it is not a valid token for it
   */
  public String subject(String idToken, DepositToken deposit, VerificationKeyResolver keys) {
    if (idToken.length() > LONGEST_TOKEN_CHARACTERS) {
      throw new Unauthorized();
    }
    JwtClaims claims = claims(idToken, keys);
    if (!isEqual(deposit.nonce(), claims.getClaimValueAsString("nonce")) || !isForUs(claims)) {
      throw new Unauthorized();
    }
    return Optional.ofNullable(claims.getClaimValueAsString("sub"))
        .filter(text -> !text.isEmpty() && text.length() <= LONGEST_SUBJECT_CHARACTERS)
        .orElseThrow(Unauthorized::new);
  }

  /** A token of several audiences says to whom it was given. */
  private boolean isForUs(JwtClaims claims) {
    try {
      List<String> audience = claims.getAudience();
      String party = claims.getClaimValueAsString("azp");
      return party == null ? audience.size() == 1 : party.equals(clientId);
    } catch (MalformedClaimException e) {
      return false;
    }
  }

  private JwtClaims claims(String token, VerificationKeyResolver keys) {
    DefaultJWTTokenParser parser =
        new DefaultJWTTokenParser() {
          @Override
          protected VerificationKeyResolver getVerificationKeyResolver(JWTAuthContextInfo info) {
            return keys;
          }
        };
    try {
      return parser.parse(token, expectations).getJwtClaims();
    } catch (ParseException e) {
      throw new Unauthorized();
    }
  }

  private static boolean isEqual(String expected, @org.jspecify.annotations.Nullable String given) {
    return given != null
        && MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
  }
}
