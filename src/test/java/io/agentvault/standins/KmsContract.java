package io.agentvault.standins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.crypto.DataKeyMinter;
import io.agentvault.crypto.DataKeyUnwrapper;
import io.agentvault.crypto.KeyContext;
import io.agentvault.crypto.KeyServiceContract;
import io.agentvault.problem.Tampered;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextResponse;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/** What the vault relies on in KMS, through its own adapters and beneath them. */
abstract class KmsContract extends KeyServiceContract {
  private static final KeyContext CONTEXT = new KeyContext("acme", "agent-1");

  private String arn = "";

  abstract KmsClient client();

  @BeforeEach
  void createKey() {
    arn = client().createKey(create -> create.description("contract")).keyMetadata().arn();
  }

  @Override
  protected DataKeyMinter minter() {
    return DataKeyMinter.kms(this::client, arn);
  }

  @Override
  protected DataKeyUnwrapper unwrapper() {
    return DataKeyUnwrapper.kms(this::client, arn);
  }

  private String keyId() {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }

  private byte[] wrapped() {
    return minter().mint(CONTEXT, inTime());
  }

  private DecryptResponse decrypt(String keyId, byte[] blob, Map<String, String> context) {
    return client()
        .decrypt(
            request ->
                request
                    .keyId(keyId)
                    .ciphertextBlob(SdkBytes.fromByteArray(blob))
                    .encryptionContext(context));
  }

  private static Deadline inTime() {
    return Deadline.after(Duration.ofSeconds(30), Clock.systemUTC());
  }

  @Test
  void aMintedKeyComesWithoutItsPlaintextAndFitsAnItem() {
    GenerateDataKeyWithoutPlaintextResponse minted =
        client()
            .generateDataKeyWithoutPlaintext(
                mint ->
                    mint.keyId(keyId())
                        .keySpec(DataKeySpec.AES_256)
                        .encryptionContext(CONTEXT.encryptionContext()));
    assertThat(minted.keyId()).isEqualTo(arn);
    assertThat(minted.ciphertextBlob().asByteArray().length).isBetween(60, 6144);
  }

  @Test
  void theAnswerOfDecryptNamesTheKeyByItsArn() {
    DecryptResponse byId = decrypt(keyId(), wrapped(), CONTEXT.encryptionContext());
    assertThat(byId.keyId()).isEqualTo(arn);
    assertThat(byId.plaintext().asByteArray()).hasSize(32);
  }

  @Test
  void anotherContextIsAnInvalidCiphertext() {
    byte[] wrapped = wrapped();
    for (Map<String, String> context :
        java.util.List.<Map<String, String>>of(
            Map.of(),
            Map.of("tenant", "acme"),
            Map.of("tenant", "acme", "identity", "agent-1", "more", "x"),
            Map.of("Tenant", "acme", "identity", "agent-1"))) {
      assertThatThrownBy(() -> decrypt(arn, wrapped, context))
          .isInstanceOf(InvalidCiphertextException.class);
    }
  }

  @Test
  void theContextsOrderIsNoPartOfIt() {
    Map<String, String> other = new java.util.LinkedHashMap<>();
    other.put("identity", "agent-1");
    other.put("tenant", "acme");
    assertThat(decrypt(arn, wrapped(), other).plaintext().asByteArray()).hasSize(32);
  }

  @Test
  void aCiphertextOfAnotherKeyIsRefused() {
    String otherArn = client().createKey().keyMetadata().arn();
    byte[] foreign = DataKeyMinter.kms(this::client, otherArn).mint(CONTEXT, inTime());
    assertThatThrownBy(() -> decrypt(arn, foreign, CONTEXT.encryptionContext()))
        .isInstanceOf(IncorrectKeyException.class);
    assertThatThrownBy(() -> unwrapper().unwrap(CONTEXT, foreign, inTime()))
        .isInstanceOf(Tampered.class);
  }

  @Test
  void aDisabledKeyIsUnavailableAndWorksAgainWhenEnabled() {
    byte[] wrapped = wrapped();
    client().disableKey(disable -> disable.keyId(keyId()));
    assertThatThrownBy(() -> decrypt(arn, wrapped, CONTEXT.encryptionContext()))
        .isInstanceOf(DisabledException.class);
    assertUnavailable(wrapped);
    client().enableKey(enable -> enable.keyId(keyId()));
    assertThat(unwrapper().unwrap(CONTEXT, wrapped, inTime()).length()).isEqualTo(32);
  }

  @Test
  void aKeyPendingDeletionIsUnavailable() {
    byte[] wrapped = wrapped();
    client().scheduleKeyDeletion(delete -> delete.keyId(keyId()).pendingWindowInDays(7));
    assertThatThrownBy(() -> decrypt(arn, wrapped, CONTEXT.encryptionContext()))
        .isInstanceOf(KmsInvalidStateException.class);
    assertUnavailable(wrapped);
  }

  private void assertUnavailable(byte[] wrapped) {
    assertThatThrownBy(() -> unwrapper().unwrap(CONTEXT, wrapped, inTime()))
        .isInstanceOf(Unavailable.class);
    assertThatThrownBy(this::wrapped).isInstanceOf(Unavailable.class);
  }

  @Test
  void aKeyThatDoesNotExistIsUnavailable() {
    byte[] wrapped = wrapped();
    String none = arn.replace(keyId(), UUID.randomUUID().toString());
    assertThatThrownBy(() -> DataKeyMinter.kms(this::client, none).mint(CONTEXT, inTime()))
        .isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> decrypt(none, wrapped, CONTEXT.encryptionContext()))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void bytesThatAreNoCiphertextAreInvalid() {
    for (int length : new int[] {1, 40, 200}) {
      assertThatThrownBy(() -> decrypt(arn, new byte[length], CONTEXT.encryptionContext()))
          .isInstanceOf(InvalidCiphertextException.class);
    }
  }

  @Test
  void keysWrappedBeforeARotationOpenAfterIt() {
    byte[] before = wrapped();
    client().rotateKeyOnDemand(rotate -> rotate.keyId(keyId()));
    assertThat(unwrapper().unwrap(CONTEXT, before, inTime()).length()).isEqualTo(32);
    assertThat(unwrapper().unwrap(CONTEXT, wrapped(), inTime()).length()).isEqualTo(32);
  }
}
