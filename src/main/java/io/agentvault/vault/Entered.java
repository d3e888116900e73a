package io.agentvault.vault;

import io.agentvault.evidence.Act;
import io.agentvault.evidence.Recorder;
import io.agentvault.evidence.Uses;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.problem.NotFound;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Who came in, what it found, and how what it does is put on record.
 *
 * @param agent whose key was verified
 * @param credential of the label that was asked for, if there is one
 * @param storedAccess what was found at its label of access tokens, where that was asked for
 * @param uses how often what was asked for was used
 * @param act what it does
 * @param isRead whether that is a read
 * @param recorder puts it on record
 */
record Entered(
    Agent agent,
    Optional<StoredCredential> credential,
    Optional<StoredAccess> storedAccess,
    Map<String, Uses> uses,
    Act act,
    boolean isRead,
    Recorder recorder) {

  /** The same with another credential than was found on the way in. */
  Entered with(Optional<StoredCredential> other) {
    return new Entered(agent, other, storedAccess, uses, act, isRead, recorder);
  }

  /**
   * The credential.
   *
   * @throws NotFound when there is none
   */
  StoredCredential found() {
    return credential.orElseThrow(() -> new NotFound("credential"));
  }

  /** What the credential has of access tokens. */
  StoredAccess access() {
    StoredCredential own = found();
    return storedAccess
        .orElseGet(() -> StoredAccess.none(own.label(), own.credentialId()))
        .of(own.credentialId());
  }

  /** The record of the change, for the transaction that makes it. */
  TransactWriteItem change() {
    return recorder.change(act, credentialId());
  }

  /** The record of the change that makes that credential. */
  TransactWriteItem change(StoredCredential made) {
    return recorder.change(act, Optional.of(made.credentialId()));
  }

  /** Puts on record what changes nothing, before it is answered. */
  void recordDone() {
    recorder.done(act, isRead, credentialId());
  }

  /** Does what was asked; what fails of it is on record. */
  <T> T noting(Supplier<T> work) {
    return recorder.noting(act, isRead, this::credentialId, work);
  }

  private Optional<String> credentialId() {
    return credential.map(StoredCredential::credentialId);
  }
}
