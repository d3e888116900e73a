package io.agentvault.standins;

import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.kms.KmsClient;

/** Any KMS that runs already, named in {@code STANDIN_KMS} as {@code http://host:port}. */
final class GivenKmsContractIT extends KmsContract {
  @BeforeAll
  static void requireServer() {
    Skips.unless(Servers.given("STANDIN_KMS"));
  }

  @Override
  KmsClient client() {
    return Servers.given("STANDIN_KMS").clients().orElseThrow().kms();
  }
}
