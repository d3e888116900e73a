package io.agentvault.crypto;

import java.util.Map;

/**
 * Whose data key it is. KMS unwraps a data key only for the context it was wrapped for, and a key
 * policy can demand one.
 *
 * <p>KMS writes the context to CloudTrail in the clear: it holds ids only, never a label or a name.
 *
 * @param tenant the operator's organisation
 * @param identity the agent id
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html">AWS KMS
 *     Developer Guide, Encryption context</a>
 */
public record KeyContext(String tenant, String identity) {
  /** Refuses an empty id: such a context would not tell two owners apart. */
  public KeyContext {
    if (tenant.isEmpty() || identity.isEmpty()) {
      throw new IllegalArgumentException("a key context must name a tenant and an identity");
    }
  }

  /** The KMS encryption context. */
  public Map<String, String> encryptionContext() {
    return Map.of("tenant", tenant, "identity", identity);
  }
}
