package io.agentvault.vault;

import io.agentvault.evidence.Uses;
import io.agentvault.identity.Bearer;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.Identity;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Where credentials live. Reads are strongly consistent; an empty answer means that the store said
 * there is none, and every fault is {@link Unavailable}. A write commits only if the identity is
 * still the one that was read: none can follow a revocation or a rotation.
 */
interface CredentialStore {

  /** The identity that the bearer claims, in one round trip. */
  Loaded load(Bearer bearer, Deadline deadline);

  /**
   * The identity that the bearer claims, one of its credentials, and how often that was used, in
   * one round trip.
   *
   * @param withAccess whether what it has of access tokens is wanted too
   */
  Loaded load(Bearer bearer, Label label, boolean withAccess, Deadline deadline);

  /** The identity that the bearer claims, and counts by their names, in one round trip. */
  Loaded load(Bearer bearer, Set<String> uses, Deadline deadline);

  /** How often the agent's labels from the first to the last were used, by label. */
  Map<String, Uses> uses(Agent agent, Label first, Label last, Deadline deadline);

  /**
   * Up to one page (1 MB) of the agent's credentials that are within its limits, sorted by label,
   * with what a listing shows: {@link Seals#NOT_READ} are data that have metadata beside them.
   *
   * @param limit at most so many
   */
  Page page(Agent agent, Optional<Label> after, int limit, Deadline deadline);

  /**
   * Writes a credential.
   *
   * @param replaced what it replaces, as it was read; empty when there must be none
   * @param keepsOtpState whether one-time codes go on from where they are
   * @param along what is written with it or not at all
   * @throws io.agentvault.problem.QuotaExceeded when the vault would hold more than it may
   */
  Outcome put(
      Agent agent,
      StoredCredential credential,
      Optional<StoredCredential> replaced,
      boolean keepsOtpState,
      List<TransactWriteItem> along,
      Deadline deadline);

  /**
   * Writes a credential whose content the vault itself moved, such as a backup code that was used:
   * no quota is in the way of that, and one-time codes go on from where they are.
   *
   * @param replaced what it replaces, as it was read
   * @param along what is written with it or not at all
   */
  Outcome rewrite(
      Agent agent,
      StoredCredential credential,
      StoredCredential replaced,
      List<TransactWriteItem> along,
      Deadline deadline);

  /** Deletes a credential of that very revision. */
  Outcome delete(
      Agent agent, StoredCredential credential, List<TransactWriteItem> along, Deadline deadline);

  /**
   * What is written along with a deletion of what the credential had of access tokens: nothing
   * stays but when the last token that was handed out ends, until then.
   */
  TransactWriteItem removal(Agent agent, StoredAccess old, Instant now);

  /** Marks a time step as handed out, if none as late was. */
  Outcome claimStep(
      Agent agent,
      StoredCredential credential,
      long step,
      List<TransactWriteItem> along,
      Deadline deadline);

  /** Marks an HOTP counter as used, if it is still the next one. */
  Outcome claimCounter(
      Agent agent,
      StoredCredential credential,
      long counter,
      List<TransactWriteItem> along,
      Deadline deadline);

  /** How a write ended. */
  enum Outcome {
    /** It is written. */
    DONE,
    /** The identity or the credential is not as it was read; nothing was written. */
    CHANGED
  }

  /**
   * What the store answered for a key, and a label where one was asked for.
   *
   * @param identity the identity that the bearer claims, not yet verified
   * @param credential the credential
   * @param access of that credential, or of one that stood at its label before
   * @param uses what was asked for of the counts, by name
   */
  record Loaded(
      Optional<Identity> identity,
      Optional<StoredCredential> credential,
      Optional<StoredAccess> access,
      Map<String, Uses> uses) {
    public Loaded {
      uses = Map.copyOf(uses);
    }
  }

  /**
   * Part of a vault.
   *
   * @param rows sorted by label
   * @param next behind which there may be more; of a token's vault it may be none of the rows
   */
  record Page(List<Row> rows, Optional<Label> next) {
    public Page {
      rows = List.copyOf(rows);
    }
  }

  /**
   * What stands under a label.
   *
   * @param label the name
   * @param credential empty when the item lacks what every credential has
   */
  record Row(Label label, Optional<StoredCredential> credential) {}
}
