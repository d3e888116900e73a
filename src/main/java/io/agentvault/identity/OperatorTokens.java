package io.agentvault.identity;

import io.agentvault.identity.Caller.Operator;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.DefaultJWTTokenParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.ParseException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.resolvers.VerificationKeyResolver;

/**
 * The only place where an operator token becomes a {@link Caller.Operator}: an asymmetric signature
 * by a key of the issuer, issuer, audience, expiry, a lifetime that is not too long, and {@code
 * vault-operator} among {@code groups} or {@code scope}. Clocks may differ by 60 seconds.
 */
public final class OperatorTokens {
  /** The group or scope that makes a token an operator's. */
  public static final String OPERATOR = "vault-operator";

  /** The tenant of a token that names none. */
  public static final String DEFAULT_TENANT = "default";

  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final int LONGEST_TOKEN_CHARACTERS = 16_384;
  private static final int LONGEST_NAME_CHARACTERS = 256;

  /** How far the issuer's clock may be from ours. */
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

  /** No {@code none} and nothing symmetric: the vault holds public keys only. */
  static final Set<SignatureAlgorithm> ALLOWED =
      Set.of(
          SignatureAlgorithm.ES256,
          SignatureAlgorithm.ES384,
          SignatureAlgorithm.ES512,
          SignatureAlgorithm.EDDSA,
          SignatureAlgorithm.RS256,
          SignatureAlgorithm.RS384,
          SignatureAlgorithm.RS512,
          SignatureAlgorithm.PS256,
          SignatureAlgorithm.PS384,
          SignatureAlgorithm.PS512);

  private final Rules rules;
  private final Clock clock;
  private final JWTAuthContextInfo expectations;
  private final DefaultJWTTokenParser parser;

  /**
   * What a deployment demands of its operators' tokens.
   *
   * @param issuer the {@code iss} expected
   * @param audience the {@code aud} expected
   * @param tenancy whether a token may leave out {@code tenant}
   * @param longestLife the most that {@code exp} may lie behind {@code iat}
   */
  public record Rules(String issuer, String audience, Tenancy tenancy, Duration longestLife) {}

  /**
   * @param keys where the issuer's public keys are
   */
  public OperatorTokens(Rules rules, VerificationKeyResolver keys, Clock clock) {
    this.rules = rules;
    this.clock = clock;
    this.expectations = new JWTAuthContextInfo();
    expectations.setIssuedBy(rules.issuer());
    expectations.setExpectedAudience(Set.of(rules.audience()));
    expectations.setSignatureAlgorithm(ALLOWED);
    expectations.setRequireNamedPrincipal(false);
    expectations.setClockSkew(Math.toIntExact(CLOCK_SKEW.toSeconds()));
    this.parser =
        new DefaultJWTTokenParser() {
          @Override
          protected VerificationKeyResolver getVerificationKeyResolver(JWTAuthContextInfo info) {
            return keys;
          }
        };
  }

  /**
   * The operator whose token this is.
   *
   * @throws Unauthorized when it is not a valid token
   * @throws Forbidden when it is one, but not an operator's
   * @throws Unavailable when the issuer's keys could not be had
   */
  public Operator verify(String token) {
    if (token.isEmpty() || token.length() > LONGEST_TOKEN_CHARACTERS) {
      throw new Unauthorized();
    }
    JwtClaims claims = claims(token);
    if (!isShortLived(claims)) {
      throw new Unauthorized();
    }
    if (!texts(claims.getClaimValue("groups")).contains(OPERATOR)
        && !words(claims.getClaimValue("scope")).contains(OPERATOR)) {
      throw new Forbidden(OPERATOR);
    }
    return new Operator(tenant(claims), name(claims));
  }

  /**
   * The operator whom IAM let invoke the function directly.
   *
   * @throws io.agentvault.problem.BadRequest when the tenant is not a tenant's name
   */
  public static Operator trusted(String tenant) {
    if (!TENANT.matcher(tenant).matches()) {
      throw new io.agentvault.problem.BadRequest(
          "tenant", "must be 1 to 64 letters, digits, dots, dashes or underscores");
    }
    return new Operator(tenant, "direct invocation");
  }

  private JwtClaims claims(String token) {
    try {
      return parser.parse(token, expectations).getJwtClaims();
    } catch (ParseException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof Unavailable unavailable) {
          throw unavailable; // the keys could not be had: nothing is known about the token
        }
      }
      throw new Unauthorized();
    }
  }

  /** Counted from when it says it was made, which must not lie in the future. */
  private boolean isShortLived(JwtClaims claims) {
    try {
      NumericDate issued = claims.getIssuedAt();
      NumericDate expires = claims.getExpirationTime();
      if (issued == null || expires == null) {
        return false;
      }
      Instant from = Instant.ofEpochSecond(issued.getValue());
      Instant until = Instant.ofEpochSecond(expires.getValue());
      return !until.isAfter(from.plus(rules.longestLife()))
          && !from.isAfter(clock.instant().plus(CLOCK_SKEW));
    } catch (MalformedClaimException | DateTimeException e) {
      return false;
    }
  }

  private String tenant(JwtClaims claims) {
    Object tenant = claims.getClaimValue("tenant");
    if (tenant == null) {
      return rules.tenancy().unnamed().orElseThrow(Unauthorized::new);
    }
    return Optional.of(tenant)
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .filter(text -> TENANT.matcher(text).matches())
        .orElseThrow(Unauthorized::new);
  }

  private static String name(JwtClaims claims) {
    return Optional.ofNullable(claims.getClaimValueAsString("sub"))
        .map(text -> text.substring(0, Math.min(text.length(), LONGEST_NAME_CHARACTERS)))
        .orElse("operator");
  }

  private static List<String> texts(@org.jspecify.annotations.Nullable Object claim) {
    return claim instanceof Collection<?> values
        ? values.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : words(claim);
  }

  private static List<String> words(@org.jspecify.annotations.Nullable Object claim) {
    return claim instanceof String text ? List.of(text.split(" ")) : List.of();
  }
}
