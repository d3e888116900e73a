package io.agentvault.broker;

import io.agentvault.crypto.Randomness;
import io.agentvault.problem.BadRequest;
import io.agentvault.vault.TokenGrant;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/**
 * What a client proves itself with by a key of its own: a JWT that it signs (RFC 7523 §3), RS256 or
 * ES256 by the kind of the key.
 */
final class ClientAssertion {
  private static final long LIFETIME_SECONDS = 60;
  private static final int ID_BYTES = 16;

  private ClientAssertion() {}

  /**
   * @throws BadRequest when the credential's key is none
   */
  static String of(TokenGrant grant, Randomness randomness, Clock clock) {
    PrivateKey key = key(grant.field("clientKey").orElseThrow());
    long now = clock.instant().getEpochSecond();
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(grant.clientId());
    claims.setSubject(grant.clientId());
    claims.setAudience(grant.tokenUrl());
    claims.setJwtId(HexFormat.of().formatHex(randomness.bytes(ID_BYTES)));
    claims.setIssuedAt(NumericDate.fromSeconds(now));
    claims.setExpirationTime(NumericDate.fromSeconds(now + LIFETIME_SECONDS));
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setKey(key);
    signature.setAlgorithmHeaderValue(
        key.getAlgorithm().equals("RSA")
            ? AlgorithmIdentifiers.RSA_USING_SHA256
            : AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
    grant.field("clientKeyId").ifPresent(signature::setKeyIdHeaderValue);
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw unusable();
    }
  }

  private static PrivateKey key(String pem) {
    String base64 = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "").replaceAll("\\s", "");
    byte[] der;
    try {
      der = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw unusable();
    }
    for (String algorithm : List.of("RSA", "EC")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        // perhaps one of the other kind
      }
    }
    throw unusable();
  }

  private static BadRequest unusable() {
    return new BadRequest(
        "label",
        "must name a credential whose clientKey is an RSA or P-256 private key, PKCS #8 in PEM");
  }
}
