package io.agentvault.crypto;

import io.agentvault.problem.Tampered;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import java.util.function.Supplier;
import software.amazon.awssdk.services.kms.KmsClient;

/** Unwraps the data keys of existing identities. It can't make one. */
public interface DataKeyUnwrapper {
  /** The length of every data key. */
  int DATA_KEY_BYTES = 32;

  /**
   * The data key in {@code wrapped}.
   *
   * @return {@value #DATA_KEY_BYTES} bytes, the caller's to close
   * @throws Tampered when it was not wrapped by our key for this {@code context}, or not as a data
   *     key
   * @throws Unavailable when the key service did not answer in time or refused: nothing is known
   *     about the wrapped key
   */
  Secret unwrap(KeyContext context, byte[] wrapped, Deadline deadline);

  /**
   * Through KMS. Needs {@code kms:Decrypt} on the key and nothing else.
   *
   * @param client asked once, on the first call
   * @param keyId the KMS key's ARN or id; not an alias, which can be pointed at another key
   */
  static DataKeyUnwrapper kms(Supplier<KmsClient> client, String keyId) {
    return new KmsDataKeyUnwrapper(new KmsKey(client, keyId));
  }
}
