package io.agentvault.standins;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * LocalStack: a KMS that this project did not write. Where it answers what AWS does not, the test
 * is off and says so.
 */
final class LocalStackKmsContractIT extends KmsContract {
  @BeforeAll
  static void requireServer() {
    Skips.unless(Servers.localStack());
  }

  @Override
  KmsClient client() {
    return Servers.localStack().clients().orElseThrow().kms();
  }

  @Override
  @Test
  @Disabled("LocalStack answers an error of its own; AWS documents InvalidCiphertextException")
  void bytesThatAreNoCiphertextAreInvalid() {}
}
