package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.Internal;
import io.agentvault.problem.Tampered;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.MutableClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.DataKeySpec;

/** The adapters keep the contract over a KMS that truly wraps, and trust nothing it answers. */
class KmsKeyServiceTest extends KeyServiceContract {
  private static final KeyContext CONTEXT = new KeyContext("acme", "agent-1");
  private static final Map<String, String> KMS_CONTEXT =
      Map.of("tenant", "acme", "identity", "agent-1");

  private final FakeKmsClient kms = new FakeKmsClient();
  private final DataKeyMinter minter = DataKeyMinter.kms(kms, FakeKmsClient.KEY_ARN);
  private final DataKeyUnwrapper unwrapper = DataKeyUnwrapper.kms(kms, FakeKmsClient.KEY_ARN);
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(3), new MutableClock());

  @Override
  protected DataKeyMinter minter() {
    return minter;
  }

  @Override
  protected DataKeyUnwrapper unwrapper() {
    return unwrapper;
  }

  @Test
  void theClientIsMadeOnFirstUseAndOnce() {
    assertThat(kms.timesAsked).isZero();
    minter.mint(CONTEXT, deadline);
    minter.mint(CONTEXT, deadline);
    assertThat(kms.timesAsked).isEqualTo(1);
  }

  @Test
  void mintingAsksForAnAes256KeyOfThisContextWithinTheDeadline() {
    minter.mint(CONTEXT, deadline);

    assertThat(kms.mints)
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.keyId()).isEqualTo(FakeKmsClient.KEY_ARN);
              assertThat(request.keySpec()).isEqualTo(DataKeySpec.AES_256);
              assertThat(request.encryptionContext()).isEqualTo(KMS_CONTEXT);
              assertThat(request.overrideConfiguration().orElseThrow().apiCallTimeout())
                  .contains(Duration.ofSeconds(3));
            });
    assertThat(kms.decrypts).isEmpty();
  }

  @Test
  void unwrappingPinsTheKeyAndTheContextWithinTheDeadline() {
    byte[] wrapped = minter.mint(CONTEXT, deadline);
    unwrapper.unwrap(CONTEXT, wrapped, deadline);

    assertThat(kms.decrypts)
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.keyId()).isEqualTo(FakeKmsClient.KEY_ARN);
              assertThat(request.encryptionContext()).isEqualTo(KMS_CONTEXT);
              assertThat(request.overrideConfiguration().orElseThrow().apiCallTimeout())
                  .contains(Duration.ofSeconds(3));
            });
  }

  @Test
  void aKeyNamedByItsIdIsRecognisedByItsArn() {
    String id = "1234abcd-12ab-34cd-56ef-1234567890ab";
    byte[] wrapped = DataKeyMinter.kms(kms, id).mint(CONTEXT, deadline);

    assertThat(DataKeyUnwrapper.kms(kms, id).unwrap(CONTEXT, wrapped, deadline).length())
        .isEqualTo(32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alias/vault", "arn:aws:kms:eu-west-1:111122223333:alias/vault", "", " "})
  void anAliasOrNothingIsNoKey(String id) {
    assertThatIllegalArgumentException().isThrownBy(() -> DataKeyMinter.kms(kms, id));
    assertThatIllegalArgumentException().isThrownBy(() -> DataKeyUnwrapper.kms(kms, id));
  }

  @Test
  void aKeyWrappedUnderAnotherKmsKeyIsTampered() {
    byte[] foreign =
        DataKeyMinter.kms(new FakeKmsClient(), FakeKmsClient.KEY_ARN).mint(CONTEXT, deadline);

    assertThatThrownBy(() -> unwrapper.unwrap(CONTEXT, foreign, deadline))
        .isInstanceOf(Tampered.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16, 31, 33, 64})
  void aDataKeyOfAnotherLengthIsTampered(int length) {
    byte[] wrapped = minter.mint(CONTEXT, deadline);
    kms.decryptAnswer = answer -> answer.plaintext(SdkBytes.fromByteArray(new byte[length]));

    assertThatThrownBy(() -> unwrapper.unwrap(CONTEXT, wrapped, deadline))
        .isInstanceOf(Tampered.class);
  }

  @Test
  void anAnswerWithoutAPlaintextOrKeyIsTampered() {
    byte[] wrapped = minter.mint(CONTEXT, deadline);

    kms.decryptAnswer = answer -> answer.plaintext(null);
    assertThatThrownBy(() -> unwrapper.unwrap(CONTEXT, wrapped, deadline))
        .isInstanceOf(Tampered.class);
    kms.decryptAnswer = answer -> answer.keyId(null);
    assertThatThrownBy(() -> unwrapper.unwrap(CONTEXT, wrapped, deadline))
        .isInstanceOf(Tampered.class);
  }

  @Test
  void anAnswerOfAnotherKeyIsTamperedWhenUnwrappingAndInternalWhenMinting() {
    byte[] wrapped = minter.mint(CONTEXT, deadline);
    kms.answeredKeyId = FakeKmsClient.KEY_ARN.replace("1234abcd", "ffffffff");

    assertThatThrownBy(() -> unwrapper.unwrap(CONTEXT, wrapped, deadline))
        .isInstanceOf(Tampered.class);
    assertThatThrownBy(() -> minter.mint(CONTEXT, deadline)).isInstanceOf(Internal.class);
  }

  @Test
  void wrappedBytesThatKmsWouldNotReadAreNotSent() {
    assertThatThrownBy(() -> unwrapper.unwrap(CONTEXT, new byte[0], deadline))
        .isInstanceOf(Tampered.class);
    assertThatThrownBy(() -> unwrapper.unwrap(CONTEXT, new byte[6145], deadline))
        .isInstanceOf(Tampered.class);
    assertThat(kms.decrypts).isEmpty();
  }
}
