package io.agentvault.identity;

import io.agentvault.identity.Caller.Operator;
import io.agentvault.problem.Internal;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Ends an identity and its vault in one operation.
 *
 * <ol>
 *   <li>Lock and shred: one transaction deletes the identity item, and with it the verifiers and
 *       the wrapped data key, and writes the receipt. From here on no key works, no ciphertext
 *       opens, and no write of the vault can commit, since each checks the identity item.
 *   <li>Sweep: the ciphertext is counted, the count is recorded, then the ciphertext is deleted,
 *       within the deadline. The count is recorded before the first deletion, so it is the same
 *       whoever finishes, however often somebody began.
 *   <li>Guarantee: whatever a crash or the deadline left is finished by {@link #finish}, which the
 *       reaper calls for every identity item that leaves the table.
 * </ol>
 */
public final class Revocation {
  /** How many labels are kept in memory between counting and deleting, about 10 MB at most. */
  private static final int KEPT_IN_MEMORY = 50_000;

  private final IdentityStore store;
  private final Remains remains;
  private final Clock clock;
  private final Duration recovery;

  /**
   * @param recovery how far back point-in-time recovery of the table reaches; zero when it is off
   */
  public Revocation(IdentityStore store, Remains remains, Clock clock, Duration recovery) {
    this.store = store;
    this.remains = remains;
    this.clock = clock;
    this.recovery = recovery;
  }

  /**
   * Revokes the operator's identity; again, it answers the same receipt, and goes on where the call
   * before stopped.
   *
   * @return the receipt, incomplete when the deadline or a fault came before the last deletion
   * @throws NotFound when the tenant has and had no such identity
   * @throws Unavailable when it is not known whether the identity was locked
   */
  public Receipt revoke(Operator operator, AgentId id, Deadline deadline) {
    Receipt receipt = receiptOf(operator, id);
    if (!store.shred(receipt, deadline)) {
      receipt =
          store
              .receipt(id, deadline)
              .filter(found -> found.tenant().equals(operator.tenant()))
              .orElseThrow(() -> new NotFound("identity"));
    }
    return receipt.complete() ? receipt : sweepAsFarAsPossible(receipt, deadline);
  }

  /**
   * Empties the partition of an identity that is gone; does nothing to one that is there.
   *
   * @throws Unavailable when something is left: call it again
   */
  public void finish(AgentId id, Deadline deadline) {
    if (store.find(id, deadline).isPresent()) {
      return;
    }
    Optional<Receipt> receipt = store.receipt(id, deadline);
    if (receipt.isPresent()) {
      sweep(receipt.get(), deadline);
    } else {
      delete(id, count(id, deadline), deadline);
    }
  }

  private Receipt receiptOf(Operator operator, AgentId id) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new Receipt(
        id,
        operator.tenant(),
        operator.name(),
        now,
        OptionalLong.empty(),
        false,
        recovery.isZero() ? Optional.empty() : Optional.of(now.plus(recovery)));
  }

  private Receipt sweepAsFarAsPossible(Receipt receipt, Deadline deadline) {
    try {
      return sweep(receipt, deadline);
    } catch (Unavailable | Internal e) {
      return receipt; // locked and shredded all the same; the reaper deletes the rest
    }
  }

  private Receipt sweep(Receipt receipt, Deadline deadline) {
    Left left = count(receipt.id(), deadline);
    if (left.count() == 0) {
      return receipt.complete() ? receipt : store.record(receipt.counted(0).completed(), deadline);
    }
    Receipt counted = store.record(receipt.counted(left.count()), deadline);
    delete(receipt.id(), left, deadline);
    return store.record(counted.completed(), deadline);
  }

  private Left count(AgentId id, Deadline deadline) {
    List<String> kept = new ArrayList<>();
    long count = 0;
    Optional<String> after = Optional.empty();
    do {
      Remains.Page page = remains.page(id, after, deadline);
      count += page.sortKeys().size();
      if (kept.size() < KEPT_IN_MEMORY) {
        kept.addAll(page.sortKeys());
      }
      after = page.next();
    } while (after.isPresent());
    return new Left(count, kept);
  }

  private void delete(AgentId id, Left left, Deadline deadline) {
    remains.delete(id, left.kept(), deadline);
    if (left.count() == left.kept().size()) {
      return;
    }
    for (Remains.Page page = remains.page(id, Optional.empty(), deadline);
        !page.sortKeys().isEmpty();
        page = remains.page(id, Optional.empty(), deadline)) {
      remains.delete(id, page.sortKeys(), deadline);
    }
  }

  private record Left(long count, List<String> kept) {}
}
