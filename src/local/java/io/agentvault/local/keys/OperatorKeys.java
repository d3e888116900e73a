package io.agentvault.local.keys;

import io.agentvault.local.host.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/**
 * An ES256 key pair that mints operator tokens, for those without an identity provider, for
 * development and for tests.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.4">RFC 7518, 3.4</a>
 */
public final class OperatorKeys {
  /** Whom tokens are from and for, unless a test says otherwise. */
  public static final String LOCAL_ISSUER = "https://operators.localhost";

  public static final String AUDIENCE = "agent-vault";
  private static final int COORDINATE_BYTES = 32;

  private final PrivateKey privateKey;
  private final JsonObject privateJwk;

  private OperatorKeys(JsonObject privateJwk) {
    this.privateJwk = privateJwk;
    this.privateKey = privateKey(privateJwk);
  }

  public static OperatorKeys generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      ECPublicKey point = (ECPublicKey) pair.getPublic();
      String x = base64(unsigned(point.getW().getAffineX()));
      String y = base64(unsigned(point.getW().getAffineY()));
      return new OperatorKeys(
          Json.object()
              .add("kty", "EC")
              .add("crv", "P-256")
              .add("x", x)
              .add("y", y)
              .add("d", base64(unsigned(((ECPrivateKey) pair.getPrivate()).getS())))
              .add("kid", thumbprint(x, y))
              .build());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The pair in a file (a private JWK, mode 600), made on first use. */
  public static OperatorKeys in(Path file) {
    try {
      if (Files.exists(file)) {
        return parse(file);
      }
      OperatorKeys keys = generate();
      Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
      Path fresh = Files.createTempFile(directory, "operator", ".tmp");
      Files.write(fresh, Json.bytes(keys.privateJwk));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      return keys;
    } catch (IOException e) {
      throw new UncheckedIOException("operator key file cannot be used: " + file, e);
    }
  }

  private static OperatorKeys parse(Path file) throws IOException {
    try {
      return new OperatorKeys(Json.read(Files.readAllBytes(file)));
    } catch (RuntimeException e) {
      // The cause is left out: a parser's message may quote the private key.
      throw new IllegalStateException("not a private JWK of an operator key: " + file);
    }
  }

  /** The public half as JWKS, the value of the template's parameter {@code OperatorJwks}. */
  public String jwks() {
    JsonObjectBuilder key = Json.object();
    for (String name : new String[] {"kty", "crv", "x", "y", "kid"}) {
      key.add(name, privateJwk.getString(name));
    }
    key.add("use", "sig").add("alg", "ES256");
    return Json.object().add("keys", Json.array().add(key)).build().toString();
  }

  /** An operator's claims from now on, to be signed as they are or changed first. */
  public static JsonObjectBuilder claims(String tenant, Duration lifetime) {
    Instant now = Instant.now();
    return Json.object()
        .add("iss", LOCAL_ISSUER)
        .add("aud", AUDIENCE)
        .add("sub", "operator@" + tenant)
        .add("tenant", tenant)
        .add("groups", Json.array().add("vault-operator"))
        .add("iat", now.getEpochSecond())
        .add("exp", now.plus(lifetime).getEpochSecond())
        .add("jti", UUID.randomUUID().toString());
  }

  /** A token of an operator of that tenant, good for so long. */
  public String mint(String tenant, Duration lifetime) {
    return sign(claims(tenant, lifetime).build());
  }

  /** Any claims as a JWT: whether they make sense is for the receiver to say. */
  public String sign(JsonObject claims) {
    JsonObject header =
        Json.object()
            .add("alg", "ES256")
            .add("typ", "JWT")
            .add("kid", privateJwk.getString("kid"))
            .build();
    String signed = base64(Json.bytes(header)) + "." + base64(Json.bytes(claims));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(privateKey);
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PrivateKey privateKey(JsonObject jwk) {
    try {
      KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
      curve.initialize(new ECGenParameterSpec("secp256r1"));
      ECPrivateKey sample = (ECPrivateKey) curve.generateKeyPair().getPrivate();
      BigInteger secret = new BigInteger(1, Base64.getUrlDecoder().decode(jwk.getString("d")));
      return KeyFactory.getInstance("EC")
          .generatePrivate(new ECPrivateKeySpec(secret, sample.getParams()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("not an EC private key");
    }
  }

  /** RFC 7638: the hash of the required members, in this order. */
  private static String thumbprint(String x, String y) throws GeneralSecurityException {
    String members = "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}";
    return base64(
        MessageDigest.getInstance("SHA-256").digest(members.getBytes(StandardCharsets.US_ASCII)));
  }

  private static byte[] unsigned(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] fixed = new byte[COORDINATE_BYTES];
    int length = Math.min(bytes.length, COORDINATE_BYTES);
    System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE_BYTES - length, length);
    return fixed;
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
