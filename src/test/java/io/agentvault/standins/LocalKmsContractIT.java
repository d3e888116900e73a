package io.agentvault.standins;

import software.amazon.awssdk.services.kms.KmsClient;

/** The local KMS of this project. */
final class LocalKmsContractIT extends KmsContract {
  @Override
  KmsClient client() {
    return Servers.local().kms();
  }
}
