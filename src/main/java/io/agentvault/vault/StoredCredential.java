package io.agentvault.vault;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A credential as the table holds it: sealed, with what may be seen of it.
 *
 * @param label its name
 * @param credentialId made when the label was first stored; part of what seals it
 * @param seals what is in it
 * @param revision counts the writes, from 1; using a one-time code is none
 * @param times when what happened
 * @param otpStep the last time step handed out as unique
 * @param otpCounter the next HOTP counter, once one was used
 */
record StoredCredential(
    Label label,
    String credentialId,
    Seals seals,
    long revision,
    Times times,
    OptionalLong otpStep,
    OptionalLong otpCounter) {

  /** What an {@code If-Match} is compared with. */
  Precondition.Etag etag() {
    return new Precondition.Etag(credentialId, revision);
  }

  /**
   * When what happened to a credential, to the millisecond.
   *
   * @param createdAt the label was first stored
   * @param updatedAt the last write
   * @param rotatedAt the last write that changed the data, if any did
   * @param timeToLive when DynamoDB may delete it; only a hint, the sealed expiry decides
   */
  record Times(
      Instant createdAt,
      Instant updatedAt,
      Optional<Instant> rotatedAt,
      Optional<Instant> timeToLive) {}
}
