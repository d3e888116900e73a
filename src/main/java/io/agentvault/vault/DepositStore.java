package io.agentvault.vault;

import io.agentvault.identity.AgentId;
import io.agentvault.identity.Identity;
import io.agentvault.remote.Deadline;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Where deposits live: in the partition of the vault that they are for, so they die with it. */
interface DepositStore {
  /** The identity and the deposit, in one round trip. */
  Loaded load(AgentId id, String depositId, Deadline deadline);

  /** The credential of a label. */
  Optional<StoredCredential> credential(AgentId id, Label label, Deadline deadline);

  /** All deposits for an identity, those included whose time is up and that are not yet gone. */
  List<Deposit> list(AgentId id, Deadline deadline);

  /**
   * Writes a new deposit.
   *
   * @param record is written with it
   * @return whether the identity is still the one that was read; if not, nothing was written
   */
  boolean create(
      Identity identity, Deposit.Pending deposit, TransactWriteItem record, Deadline deadline);

  /** Counts a wrong code, unless it was handed in or withdrawn meanwhile. */
  void countWrongCode(AgentId id, Deposit.Pending deposit, Deadline deadline);

  /**
   * Deletes a deposit.
   *
   * @param record is written with it
   * @return whether there was one
   */
  boolean withdraw(AgentId id, String depositId, TransactWriteItem record, Deadline deadline);

  /**
   * Marks the deposit as handed in, as part of a transaction: fails if it is not as it was read.
   */
  TransactWriteItem redemption(AgentId id, Deposit.Pending deposit);

  /** What the store answered. */
  record Loaded(Optional<Identity> identity, Optional<Deposit> deposit) {}
}
