package io.agentvault.crypto;

import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import java.util.function.Supplier;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * Makes data keys for new identities. It never sees one: only the wrapped form comes out, so the
 * control plane that holds this port can't open a vault.
 */
public interface DataKeyMinter {
  /**
   * A new 256-bit data key, wrapped for {@code context} and for no other.
   *
   * @return at most 6,144 bytes, to be stored with the identity
   * @throws Unavailable when the key service did not answer in time or refused
   */
  byte[] mint(KeyContext context, Deadline deadline);

  /**
   * Through KMS. Needs {@code kms:GenerateDataKeyWithoutPlaintext} on the key and nothing else.
   *
   * @param client asked once, on the first call
   * @param keyId the KMS key's ARN or id; not an alias, which can be pointed at another key
   */
  static DataKeyMinter kms(Supplier<KmsClient> client, String keyId) {
    return new KmsDataKeyMinter(new KmsKey(client, keyId));
  }
}
