package io.agentvault.local.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentvault.local.host.AwsClients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.InvalidKeyUsageException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

/** Through the real SDK, so that its errors are those that the product will see. */
final class LocalKmsTest {
  private static final Map<String, String> CONTEXT = Map.of("tenant", "acme", "identity", "a1");

  @TempDir private Path directory;
  private LocalKms local = new LocalKms(Optional.empty());
  private KmsClient kms = AwsClients.kms(local.endpoint());
  private String key = "";

  @BeforeEach
  void createKey() {
    key = kms.createKey().keyMetadata().arn();
  }

  @AfterEach
  void stop() {
    kms.close();
    local.close();
  }

  private void restart(Path file) {
    stop();
    local = new LocalKms(Optional.of(file));
    kms = AwsClients.kms(local.endpoint());
  }

  private SdkBytes wrapped(Map<String, String> context) {
    return kms.generateDataKeyWithoutPlaintext(
            request -> request.keyId(key).keySpec(DataKeySpec.AES_256).encryptionContext(context))
        .ciphertextBlob();
  }

  private SdkBytes unwrap(SdkBytes blob, Map<String, String> context) {
    return kms.decrypt(
            request -> request.keyId(key).ciphertextBlob(blob).encryptionContext(context))
        .plaintext();
  }

  private static <T extends KmsException> void fails(Class<T> type, ThrowingCallable call) {
    assertThatExceptionOfType(type)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.statusCode()).isEqualTo(400));
  }

  @Test
  void aWrappedDataKeyHas256BitsAndUnwrapsToTheSame() {
    SdkBytes blob = wrapped(CONTEXT);
    SdkBytes plain = unwrap(blob, CONTEXT);
    assertThat(plain.asByteArray()).hasSize(32);
    assertThat(unwrap(blob, CONTEXT)).isEqualTo(plain);
    assertThat(unwrap(wrapped(CONTEXT), CONTEXT)).isNotEqualTo(plain);
  }

  @Test
  void generateDataKeyGivesThePlaintextOfItsCiphertext() {
    var answer =
        kms.generateDataKey(
            request -> request.keyId(key).numberOfBytes(48).encryptionContext(CONTEXT));
    assertThat(answer.plaintext().asByteArray()).hasSize(48);
    assertThat(unwrap(answer.ciphertextBlob(), CONTEXT)).isEqualTo(answer.plaintext());
  }

  @ParameterizedTest
  @EnumSource(names = {"RAW", "DIGEST"})
  void aSignatureVerifiesUnderThePublicKeyAlsoAfterARestart(MessageType type)
      throws GeneralSecurityException {
    restart(directory.resolve("kms.json"));
    String signing =
        kms.createKey(
                request ->
                    request.keySpec(KeySpec.ECC_NIST_P256).keyUsage(KeyUsageType.SIGN_VERIFY))
            .keyMetadata()
            .arn();
    byte[] message = "head".getBytes(StandardCharsets.UTF_8);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(message);
    restart(directory.resolve("kms.json"));
    SdkBytes signature =
        kms.sign(
                request ->
                    request
                        .keyId(signing)
                        .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256)
                        .messageType(type)
                        .message(
                            SdkBytes.fromByteArray(type == MessageType.RAW ? message : digest)))
            .signature();
    byte[] spki = kms.getPublicKey(request -> request.keyId(signing)).publicKey().asByteArray();
    Signature verifier = Signature.getInstance("SHA256withECDSA");
    verifier.initVerify(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki)));
    verifier.update(message);
    assertThat(verifier.verify(signature.asByteArray())).isTrue();
  }

  @Test
  void aKeyIsForSignaturesOrForDataKeysAndNotForBoth() {
    String signing =
        kms.createKey(request -> request.keySpec(KeySpec.ECC_NIST_P256)).keyMetadata().arn();
    fails(
        InvalidKeyUsageException.class,
        () -> kms.generateDataKey(r -> r.keyId(signing).keySpec(DataKeySpec.AES_256)));
    fails(
        InvalidKeyUsageException.class,
        () ->
            kms.sign(
                r ->
                    r.keyId(key)
                        .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256)
                        .message(SdkBytes.fromUtf8String("x"))));
    fails(UnsupportedOperationException.class, () -> kms.getPublicKey(r -> r.keyId(key)));
  }

  @Test
  void anotherContextDoesNotUnwrap() {
    SdkBytes blob = wrapped(CONTEXT);
    for (Map<String, String> other :
        java.util.List.<Map<String, String>>of(
            Map.of(),
            Map.of("tenant", "acme"),
            Map.of("tenant", "acme", "identity", "a2"),
            Map.of("tenant", "acme", "identity", "a1", "more", ""),
            Map.of("tenan", "tacme", "identity", "a1"),
            Map.of("tenant", "a1", "identity", "acme"))) {
      fails(InvalidCiphertextException.class, () -> unwrap(blob, other));
    }
  }

  @Test
  void aCiphertextChangedInAnyByteDoesNotUnwrap() {
    byte[] blob = wrapped(CONTEXT).asByteArray();
    for (int i = 0; i < blob.length; i++) {
      byte[] changed = blob.clone();
      changed[i] ^= 1;
      fails(
          InvalidCiphertextException.class, () -> unwrap(SdkBytes.fromByteArray(changed), CONTEXT));
    }
  }

  @Test
  void aKeyThatIsNotTheCiphertextsIsIncorrect() {
    SdkBytes blob = wrapped(CONTEXT);
    key = kms.createKey().keyMetadata().keyId();
    fails(IncorrectKeyException.class, () -> unwrap(blob, CONTEXT));
  }

  @Test
  void anUnknownKeyIsNotFound() {
    key = "00000000-0000-0000-0000-000000000000";
    fails(NotFoundException.class, () -> wrapped(CONTEXT));
  }

  @Test
  void aDisabledKeyWorksAgainWhenEnabled() {
    SdkBytes blob = wrapped(CONTEXT);
    kms.disableKey(request -> request.keyId(key));
    fails(DisabledException.class, () -> unwrap(blob, CONTEXT));
    fails(DisabledException.class, () -> wrapped(CONTEXT));
    kms.enableKey(request -> request.keyId(key));
    assertThat(unwrap(blob, CONTEXT).asByteArray()).hasSize(32);
  }

  @Test
  void aKeyToBeDeletedWorksAgainWhenDeletionIsCancelledAndItIsEnabled() {
    SdkBytes blob = wrapped(CONTEXT);
    kms.scheduleKeyDeletion(request -> request.keyId(key).pendingWindowInDays(7));
    fails(KmsInvalidStateException.class, () -> unwrap(blob, CONTEXT));
    fails(KmsInvalidStateException.class, () -> kms.enableKey(request -> request.keyId(key)));
    kms.cancelKeyDeletion(request -> request.keyId(key));
    fails(DisabledException.class, () -> unwrap(blob, CONTEXT));
    kms.enableKey(request -> request.keyId(key));
    assertThat(unwrap(blob, CONTEXT).asByteArray()).hasSize(32);
  }

  @Test
  void whatWasWrappedBeforeARotationStillUnwraps() {
    SdkBytes before = wrapped(CONTEXT);
    kms.rotateKeyOnDemand(request -> request.keyId(key));
    assertThat(unwrap(before, CONTEXT).asByteArray()).hasSize(32);
    assertThat(unwrap(wrapped(CONTEXT), CONTEXT).asByteArray()).hasSize(32);
  }

  @Test
  void keysOutliveARestartInAFileThatOnlyItsOwnerReads() throws IOException {
    Path file = directory.resolve("kms.json");
    restart(file);
    key = kms.createKey().keyMetadata().arn();
    SdkBytes blob = wrapped(CONTEXT);
    SdkBytes plain = unwrap(blob, CONTEXT);
    restart(file);
    assertThat(unwrap(blob, CONTEXT)).isEqualTo(plain);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void plaintextOver4096BytesIsRefused() {
    assertThatExceptionOfType(KmsException.class)
        .isThrownBy(
            () ->
                kms.encrypt(
                    request ->
                        request.keyId(key).plaintext(SdkBytes.fromByteArray(new byte[4097]))))
        .satisfies(
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationException"));
  }
}
