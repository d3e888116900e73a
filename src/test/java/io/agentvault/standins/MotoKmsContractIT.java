package io.agentvault.standins;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * Moto: a KMS that this project did not write. Where it answers what AWS does not, the test is off
 * and says so.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html">Decrypt,
 *     errors</a>
 */
final class MotoKmsContractIT extends KmsContract {
  @BeforeAll
  static void requireServer() {
    Skips.unless(Servers.moto());
  }

  @Override
  KmsClient client() {
    return Servers.moto().clients().orElseThrow().kms();
  }

  @Override
  @Test
  @Disabled("moto answers AccessDeniedException; AWS documents IncorrectKeyException")
  void aCiphertextOfAnotherKeyIsRefused() {}

  @Override
  @Test
  @Disabled("moto answers AccessDeniedException; AWS documents InvalidCiphertextException")
  void bytesThatAreNoCiphertextAreInvalid() {}

  @Override
  @Test
  @Disabled("moto decrypts with a disabled key; AWS documents DisabledException")
  void aDisabledKeyIsUnavailableAndWorksAgainWhenEnabled() {}

  @Override
  @Test
  @Disabled("moto decrypts with a key pending deletion; AWS documents KMSInvalidStateException")
  void aKeyPendingDeletionIsUnavailable() {}
}
