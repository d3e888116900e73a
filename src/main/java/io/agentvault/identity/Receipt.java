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
 * @param signature over what is final, once there is one
 */
public record Receipt(
    AgentId id,
    String tenant,
    String revokedBy,
    Instant revokedAt,
    Sweep sweep,
    Optional<Instant> recoverableUntil,
    Optional<Signature> signature) {

  /** How many credentials the vault held, as far as they have been counted. */
  public OptionalLong credentialsDestroyed() {
    return sweep.credentials();
  }

  /** Whether the ciphertext is gone too, and the count the whole count. */
  public boolean complete() {
    return sweep.complete();
  }

  /** The signature as it is answered. */
  public Optional<String> signed() {
    return signature.map(Signature::jws);
  }

  /** Whether a signature is to be had that there is not yet. */
  boolean isToBeSigned() {
    return signature.isEmpty() || complete() && !signature.get().whole();
  }

  /**
   * A signature.
   *
   * @param jws compact, of type {@link io.agentvault.evidence.ReceiptStatement#TYPE}
   * @param whole whether it covers the count too
   */
  public record Signature(String jws, boolean whole) {}
}
