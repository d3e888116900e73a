package io.agentvault.identity;

import java.security.Key;
import java.time.Duration;
import java.util.function.Consumer;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** An issuer of operator tokens, honest or not. */
public final class Tokens {
  public static final String ISSUER = "https://issuer.example";
  public static final String AUDIENCE = "agent-vault";

  /** The year 2100 and the year 2001: no test waits for either. */
  static final long FAR = 4_102_444_800L;

  static final long PAST = 1_000_000_000L;

  /** What is demanded of {@link #valid}. */
  public static final OperatorTokens.Rules RULES =
      new OperatorTokens.Rules(ISSUER, AUDIENCE, Tenancy.SINGLE, Duration.ofSeconds(FAR - PAST));

  final EllipticCurveJsonWebKey elliptic;
  final RsaJsonWebKey rsa;

  public Tokens() {
    try {
      elliptic = EcJwkGenerator.generateJwk(EllipticCurves.P256);
      elliptic.setKeyId("elliptic");
      rsa = RsaJwkGenerator.generateJwk(2048);
      rsa.setKeyId("rsa");
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the issuer publishes. */
  public String jwks() {
    return new JsonWebKeySet(elliptic, rsa).toJson(OutputControlLevel.PUBLIC_ONLY);
  }

  /** A valid token of the tenant {@code acme}, but for {@code change}. */
  public String with(Consumer<JwtClaims> change) {
    return signed("ES256", "elliptic", elliptic.getPrivateKey(), change);
  }

  public String valid() {
    return with(claims -> {});
  }

  String signed(String algorithm, String keyId, Key key, Consumer<JwtClaims> change) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
    signature.setDoKeyValidation(false);
    signature.setAlgorithmHeaderValue(algorithm);
    signature.setKeyIdHeaderValue(keyId);
    signature.setKey(key);
    signature.setPayload(claims(change).toJson());
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JwtClaims claims(Consumer<JwtClaims> change) {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(ISSUER);
    claims.setAudience(AUDIENCE);
    claims.setSubject("olga");
    claims.setIssuedAt(NumericDate.fromSeconds(PAST));
    claims.setExpirationTime(NumericDate.fromSeconds(FAR));
    claims.setStringListClaim("groups", "vault-operator");
    claims.setStringClaim("tenant", "acme");
    change.accept(claims);
    return claims;
  }
}
