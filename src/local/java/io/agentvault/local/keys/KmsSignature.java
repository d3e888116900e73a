package io.agentvault.local.keys;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/**
 * Signatures of KMS's keys for signing.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html">Sign</a>
 */
final class KmsSignature {
  static final String SPEC = "ECC_NIST_P256";
  static final String ALGORITHM = "ECDSA_SHA_256";
  static final int MAX_MESSAGE_BYTES = 4096;
  private static final int DIGEST_BYTES = 32;

  private KmsSignature() {}

  /** The private half in PKCS #8, then the public one in X.509. */
  static List<byte[]> newKeyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      return List.of(pair.getPrivate().getEncoded(), pair.getPublic().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] sign(byte[] privateKey, byte[] message, boolean digest) {
    if (message.length == 0 || message.length > MAX_MESSAGE_BYTES) {
      throw new KmsFailure("ValidationException", "message must have 1 to 4096 bytes");
    }
    if (digest && message.length != DIGEST_BYTES) {
      throw new KmsFailure(
          "ValidationException", "Digest is invalid length for algorithm " + ALGORITHM + ".");
    }
    try {
      Signature signature = Signature.getInstance(digest ? "NONEwithECDSA" : "SHA256withECDSA");
      signature.initSign(
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(privateKey)));
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
