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
 * @param credentialsDestroyed how many credentials the vault held, once they have been counted
 * @param complete whether the ciphertext is gone too
 * @param recoverableUntil until when point-in-time recovery keeps the wrapped key; absent when it
 *     is off
 */
public record Receipt(
    AgentId id,
    String tenant,
    String revokedBy,
    Instant revokedAt,
    OptionalLong credentialsDestroyed,
    boolean complete,
    Optional<Instant> recoverableUntil) {

  /** This receipt with the count, unless it had one: the first count is the true one. */
  Receipt counted(long credentials) {
    return credentialsDestroyed.isPresent()
        ? this
        : new Receipt(
            id,
            tenant,
            revokedBy,
            revokedAt,
            OptionalLong.of(credentials),
            complete,
            recoverableUntil);
  }

  /** This receipt once nothing is left. */
  Receipt completed() {
    return new Receipt(
        id, tenant, revokedBy, revokedAt, credentialsDestroyed, true, recoverableUntil);
  }
}
