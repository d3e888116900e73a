package io.agentvault.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentvault.problem.Internal;
import io.agentvault.remote.Deadline;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.GetPublicKeyRequest;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.SignRequest;
import software.amazon.awssdk.services.kms.model.SignResponse;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;

/** Signs through {@code Sign}; KMS is sent a digest, never what is signed. */
final class KmsSigner implements Signer {
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  private final KmsKey key;

  KmsSigner(KmsKey key) {
    this.key = key;
  }

  @Override
  public String sign(String type, String payload, Deadline deadline) {
    String header = "{\"alg\":\"ES256\",\"kid\":\"" + kid() + "\",\"typ\":\"" + type + "\"}";
    String input = encode(header.getBytes(UTF_8)) + "." + encode(payload.getBytes(UTF_8));
    SignResponse signed =
        key.call(
            deadline,
            (kms, limits) ->
                kms.sign(
                    SignRequest.builder()
                        .keyId(key.id())
                        .messageType(MessageType.DIGEST)
                        .message(SdkBytes.fromByteArray(sha256(input)))
                        .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256)
                        .overrideConfiguration(limits)
                        .build()));
    if (!key.isNamed(signed.keyId()) || signed.signature() == null) {
      throw new Internal("the key service answered with another key");
    }
    return input + "." + encode(EcdsaSignature.concatenated(signed.signature().asByteArray()));
  }

  @Override
  public String publicKeys(Deadline deadline) {
    GetPublicKeyResponse answer =
        key.call(
            deadline,
            (kms, limits) ->
                kms.getPublicKey(
                    GetPublicKeyRequest.builder()
                        .keyId(key.id())
                        .overrideConfiguration(limits)
                        .build()));
    if (!key.isNamed(answer.keyId()) || answer.publicKey() == null) {
      throw new Internal("the key service answered with another key");
    }
    ECPublicKey point = point(answer.publicKey().asByteArray());
    return "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\",\"alg\":\"ES256\",\"kid\":\""
        + kid()
        + "\",\"x\":\""
        + encode(EcdsaSignature.fixed(point.getW().getAffineX()))
        + "\",\"y\":\""
        + encode(EcdsaSignature.fixed(point.getW().getAffineY()))
        + "\"}]}";
  }

  /** The key's id without account and region, which are nobody's business outside. */
  private String kid() {
    return key.id().substring(key.id().lastIndexOf('/') + 1);
  }

  private static ECPublicKey point(byte[] encoded) {
    try {
      if (KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded))
          instanceof ECPublicKey point) {
        return point;
      }
    } catch (GeneralSecurityException e) {
      // its message is of no use to a caller
    }
    throw new Internal("the signing key is of another kind");
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String encode(byte[] bytes) {
    return BASE64URL.encodeToString(bytes);
  }
}
