package io.agentvault.crypto;

import io.agentvault.problem.Internal;
import io.agentvault.remote.Deadline;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextResponse;

/** Mints through {@code GenerateDataKeyWithoutPlaintext}: the plain key never leaves KMS. */
final class KmsDataKeyMinter implements DataKeyMinter {
  private final KmsKey key;

  KmsDataKeyMinter(KmsKey key) {
    this.key = key;
  }

  @Override
  public byte[] mint(KeyContext context, Deadline deadline) {
    GenerateDataKeyWithoutPlaintextResponse minted =
        key.call(
            deadline,
            (kms, limits) ->
                kms.generateDataKeyWithoutPlaintext(
                    GenerateDataKeyWithoutPlaintextRequest.builder()
                        .keyId(key.id())
                        .keySpec(DataKeySpec.AES_256)
                        .encryptionContext(context.encryptionContext())
                        .overrideConfiguration(limits)
                        .build()));
    if (!key.isNamed(minted.keyId()) || minted.ciphertextBlob() == null) {
      throw new Internal("the key service answered with another key");
    }
    return minted.ciphertextBlob().asByteArray();
  }
}
