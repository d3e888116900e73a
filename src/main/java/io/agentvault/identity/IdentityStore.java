package io.agentvault.identity;

import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Where identities and receipts live. Reads are strongly consistent, except for {@link #list}. An
 * empty answer means that the store said there is none; every fault is {@link Unavailable}.
 */
public interface IdentityStore {

  /**
   * Writes a new identity.
   *
   * @param record is written with it
   * @throws io.agentvault.problem.Conflict when there is or was one of this id
   */
  void create(Identity identity, TransactWriteItem record, Deadline deadline);

  /** The identity, if it exists. */
  Optional<Identity> find(AgentId id, Deadline deadline);

  /**
   * A page of a tenant's identities, oldest first, eventually consistent.
   *
   * @param limit 1 to 1,000
   */
  Page list(String tenant, int limit, Optional<Position> after, Deadline deadline);

  /**
   * Sets name, scopes and depositors.
   *
   * @param expected what was read
   * @param changed what it becomes
   * @param record is written with it
   * @return whether it was still the stored one
   */
  boolean update(Identity expected, Identity changed, TransactWriteItem record, Deadline deadline);

  /**
   * Makes {@code next} the verifier, and the one before it the previous key until {@code
   * previousNotAfter}, or nobody's when empty. Repeating it after a lost answer changes nothing.
   *
   * @param record is written with it
   * @return whether the tenant has such an identity
   */
  boolean rotate(
      AgentId id,
      String tenant,
      KeyVerifier next,
      Optional<Instant> previousNotAfter,
      TransactWriteItem record,
      Deadline deadline);

  /**
   * Locks and shreds, in one transaction: deletes the identity item, and with it the verifiers and
   * the wrapped data key, and writes the receipt.
   *
   * @return whether the tenant had such an identity; if not, nothing was changed
   */
  boolean shred(Receipt receipt, Deadline deadline);

  /** The receipt of a revoked identity, if there is one. */
  Optional<Receipt> receipt(AgentId id, Deadline deadline);

  /**
   * Takes a page into the receipt, unless somebody else has taken one since.
   *
   * @param expected the receipt as it was read
   * @param next how far it has come with that page
   * @return the receipt as it stands, with {@code next} or with what others took
   */
  Receipt advance(Receipt expected, Sweep next, Deadline deadline);

  /** Says that nothing is left; a vault in which nothing was counted held no credential. */
  Receipt complete(Receipt receipt, Deadline deadline);

  /**
   * A page of a tenant's identities.
   *
   * @param identities oldest first
   * @param next where to go on, when there is more
   */
  record Page(List<IdentityItem.Summary> identities, Optional<Position> next) {
    public Page {
      identities = List.copyOf(identities);
    }
  }

  /**
   * A place in a tenant's listing. It holds no tenant: a position taken from another tenant's
   * listing is a place in one's own.
   *
   * @param id the identity before it
   * @param createdAt of that identity
   */
  record Position(AgentId id, Instant createdAt) {}
}
