package io.agentvault.crypto;

import io.agentvault.problem.Tampered;
import io.agentvault.remote.Deadline;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DecryptResponse;

/**
 * Unwraps through {@code Decrypt}, with the key pinned: without it, KMS would use whichever key the
 * ciphertext names, and one wrapped under a forger's own key would open.
 */
final class KmsDataKeyUnwrapper implements DataKeyUnwrapper {
  private final KmsKey key;

  KmsDataKeyUnwrapper(KmsKey key) {
    this.key = key;
  }

  @Override
  public Secret unwrap(KeyContext context, byte[] wrapped, Deadline deadline) {
    // KMS would refuse these as malformed requests, which is what a defect of ours looks like.
    if (wrapped.length == 0 || wrapped.length > KmsKey.LONGEST_WRAPPED_BYTES) {
      throw new Tampered();
    }
    DecryptResponse opened =
        key.call(
            deadline,
            (kms, limits) ->
                kms.decrypt(
                    DecryptRequest.builder()
                        .keyId(key.id())
                        .ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                        .encryptionContext(context.encryptionContext())
                        .overrideConfiguration(limits)
                        .build()));
    return dataKey(opened);
  }

  private Secret dataKey(DecryptResponse opened) {
    @Nullable SdkBytes plaintext = opened.plaintext();
    if (plaintext == null) {
      throw new Tampered();
    }
    // The response's own array, so that closing the secret wipes the response too.
    Secret dataKey = Secret.of(plaintext.asByteArrayUnsafe());
    if (dataKey.length() != DATA_KEY_BYTES || !key.isNamed(opened.keyId())) {
      dataKey.close();
      throw new Tampered();
    }
    return dataKey;
  }
}
