package io.agentvault.crypto;

import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import java.util.function.Supplier;
import software.amazon.awssdk.services.kms.KmsClient;

/** Signs what is to be believed outside of this vault, with a key that never leaves KMS. */
public interface Signer {
  /**
   * A compact JWS (RFC 7515) under ES256.
   *
   * @param type the {@code typ} of the header, which keeps a signature for one purpose from passing
   *     for another
   * @param payload what is signed, as it stands
   * @throws Unavailable when the key service did not answer in time or refused
   */
  String sign(String type, String payload, Deadline deadline);

  /**
   * The public half as the one key of a JWKS (RFC 7517), its {@code kid} as in what was signed.
   *
   * @throws Unavailable when the key service did not answer in time or refused
   */
  String publicKeys(Deadline deadline);

  /**
   * Through KMS. Signing needs {@code kms:Sign} on the key, publishing {@code kms:GetPublicKey}.
   *
   * @param client asked once, on the first call
   * @param keyId the ARN or id of a key of type ECC_NIST_P256; not an alias
   */
  static Signer kms(Supplier<KmsClient> client, String keyId) {
    return new KmsSigner(new KmsKey(client, keyId));
  }
}
