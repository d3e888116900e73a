package io.agentvault.vault;

import java.time.Instant;
import java.util.Optional;

/**
 * The access of an OAUTH credential as it stands in the table.
 *
 * @param label whose
 * @param credentialId the credential's id; what another credential of the label left is not its own
 * @param revision counts the writes, from 1
 * @param sealed the {@link TokenState}, unless there is none yet
 * @param sealedAt the revision at which it was sealed
 * @param lease who may renew, and until when nobody else does
 * @param handedOutUntil when the last token that was handed out ends
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes it
record StoredAccess(
    Label label,
    String credentialId,
    long revision,
    Optional<byte[]> sealed,
    long sealedAt,
    Optional<Lease> lease,
    Optional<Instant> handedOutUntil) {

  /** Nothing yet. */
  static StoredAccess none(Label label, String credentialId) {
    return new StoredAccess(
        label, credentialId, 0, Optional.empty(), 0, Optional.empty(), Optional.empty());
  }

  /** As far as it is of that credential; when a token of another one ends stays known. */
  StoredAccess of(String id) {
    return id.equals(credentialId)
        ? this
        : new StoredAccess(
            label, id, revision, Optional.empty(), 0, Optional.empty(), handedOutUntil);
  }

  /** Whether somebody renews now. */
  boolean isLeased(Instant now) {
    return lease.filter(each -> each.until().isAfter(now)).isPresent();
  }

  /** Whether that lease is the one that holds. */
  boolean isLeasedTo(String leaseId) {
    return lease.filter(each -> each.id().equals(leaseId)).isPresent();
  }

  StoredAccess leased(Lease next) {
    return new StoredAccess(
        label, credentialId, revision + 1, sealed, sealedAt, Optional.of(next), handedOutUntil);
  }

  /** Without a lease. */
  StoredAccess released() {
    return new StoredAccess(
        label, credentialId, revision + 1, sealed, sealedAt, Optional.empty(), handedOutUntil);
  }

  /** Without a lease, and with another state. */
  StoredAccess sealed(byte[] next) {
    return new StoredAccess(
        label,
        credentialId,
        revision + 1,
        Optional.of(next),
        revision + 1,
        Optional.empty(),
        handedOutUntil);
  }

  /** With a token handed out; one before it may end later. */
  StoredAccess handedOut(Instant until) {
    return covers(until)
        ? this
        : new StoredAccess(
            label, credentialId, revision, sealed, sealedAt, lease, Optional.of(until));
  }

  /** As {@link #handedOut}, in a write of its own. */
  StoredAccess withHandedOut(Instant until) {
    return new StoredAccess(
        label, credentialId, revision + 1, sealed, sealedAt, lease, Optional.of(until));
  }

  /** Whether the end of a token that ends then is on record. */
  boolean covers(Instant end) {
    return handedOutUntil.filter(known -> !known.isBefore(end)).isPresent();
  }

  /**
   * A lease.
   *
   * @param id whose; every write of its holder stands on it
   * @param until later than its holder's deadline
   */
  record Lease(String id, Instant until) {}
}
