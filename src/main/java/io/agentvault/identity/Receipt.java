package io.agentvault.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a revocation leaves behind; no key material.
 *
 * @param id the identity that is gone
 * @param tenant whose it was
 * @param revokedBy the operator
 * @param revokedAt when the key was destroyed, to the millisecond
 * @param sweep how far the ciphertext is gone too
 * @param recoverableUntil until when a backup, or a table that a restore left behind, keeps the
 *     wrapped key; absent when none does
 * @param signed the signature over what is final, once there is one
 */
public record Receipt(
    AgentId id,
    String tenant,
    String revokedBy,
    Instant revokedAt,
    Sweep sweep,
    Optional<Instant> recoverableUntil,
    Optional<String> signed) {

  /** How many credentials the vault held, as far as they have been counted. */
  public OptionalLong credentialsDestroyed() {
    return sweep.credentials();
  }

  /** Whether the ciphertext is gone too, and the count the whole count. */
  public boolean complete() {
    return sweep.complete();
  }
}
