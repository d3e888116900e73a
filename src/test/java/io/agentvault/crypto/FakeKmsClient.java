package io.agentvault.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextResponse;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;

/** KMS behind the SDK's own interface, with one key; it truly wraps and can be made to lie. */
final class FakeKmsClient implements KmsClient, Supplier<KmsClient> {
  static final String KEY_ARN =
      "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

  final List<DecryptRequest> decrypts = new ArrayList<>();
  final List<GenerateDataKeyWithoutPlaintextRequest> mints = new ArrayList<>();
  @Nullable RuntimeException fault;
  UnaryOperator<DecryptResponse.Builder> decryptAnswer = UnaryOperator.identity();
  String answeredKeyId = KEY_ARN;
  int timesAsked;

  private final WrappingKey key = new WrappingKey(Randomness.secure().bytes(32));

  @Override
  public KmsClient get() {
    timesAsked++;
    return this;
  }

  @Override
  public GenerateDataKeyWithoutPlaintextResponse generateDataKeyWithoutPlaintext(
      GenerateDataKeyWithoutPlaintextRequest request) {
    mints.add(request);
    begin(request.keyId());
    byte[] dataKey = Randomness.secure().bytes(32);
    return GenerateDataKeyWithoutPlaintextResponse.builder()
        .keyId(answeredKeyId)
        .ciphertextBlob(SdkBytes.fromByteArray(key.wrap(request.encryptionContext(), dataKey)))
        .build();
  }

  @Override
  public DecryptResponse decrypt(DecryptRequest request) {
    decrypts.add(request);
    begin(request.keyId());
    byte[] plaintext =
        key.unwrap(request.encryptionContext(), request.ciphertextBlob().asByteArray())
            .orElseThrow(() -> InvalidCiphertextException.builder().statusCode(400).build());
    return decryptAnswer
        .apply(
            DecryptResponse.builder()
                .keyId(answeredKeyId)
                .plaintext(SdkBytes.fromByteArray(plaintext)))
        .build();
  }

  private void begin(String keyId) {
    if (fault != null) {
      throw fault;
    }
    if (!KEY_ARN.endsWith(keyId)) {
      throw IncorrectKeyException.builder().statusCode(400).build();
    }
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}
}
