package io.agentvault.standins;

import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.kms.KmsClient;

/** LocalStack: a KMS that this project did not write. */
final class LocalStackKmsContractIT extends KmsContract {
  @BeforeAll
  static void requireServer() {
    Skips.unless(Servers.localStack());
  }

  @Override
  KmsClient client() {
    return Servers.localStack().clients().orElseThrow().kms();
  }
}
