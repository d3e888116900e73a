package io.agentvault.identity;

import io.agentvault.evidence.Recorder;
import io.agentvault.identity.Caller.Operator;
import io.agentvault.problem.Internal;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Ends an identity and its vault in one operation.
 *
 * <ol>
 *   <li>Lock and shred: one transaction deletes the identity item, and with it the verifiers and
 *       the wrapped data key, and writes the receipt. From here on no key works, no ciphertext
 *       opens, and no write of the vault can commit, since each checks the identity item.
 *   <li>Sweep: page by page, within the deadline, the receipt takes the page's count and its last
 *       sort key, if nobody else has taken a page since; then the page is deleted. What stands at
 *       or below the cursor is deleted uncounted. So the count is exact, whoever dies where,
 *       whatever the vault's size.
 *   <li>Guarantee: whatever a crash or the deadline left is finished by {@link #finish}, which the
 *       reaper calls for every identity item that leaves the table.
 * </ol>
 *
 * <p>What is final is signed then, where there is a key to sign with.
 */
public final class Revocation {
  private final IdentityStore store;
  private final Remains remains;
  private final Clock clock;
  private final Recovery recovery;
  private final Optional<ReceiptSigner> signer;
  private final Recorder recorder;

  /**
   * @param recorder writes the line that follows a receipt
   * @param recovery until when copies of a wrapped key outlive it
   * @param signer signs receipts; empty where nobody is answered one
   */
  public Revocation(
      IdentityStore store,
      Remains remains,
      Recorder recorder,
      Clock clock,
      Recovery recovery,
      Optional<ReceiptSigner> signer) {
    this.recorder = recorder;
    this.store = store;
    this.remains = remains;
    this.clock = clock;
    this.recovery = recovery;
    this.signer = signer;
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
    Deadline sweeping = signer.isEmpty() ? deadline : deadline.less(ReceiptSigner.SHARE);
    Receipt swept = receipt.complete() ? receipt : sweepAsFarAsPossible(receipt, sweeping);
    return signer.map(each -> each.sign(swept, deadline)).orElse(swept);
  }

  /**
   * Empties the partition of an identity that is gone; does nothing to one that is there.
   *
   * @return whether nothing is left; if something is, it was too much for the deadline: call it
   *     again
   * @throws Unavailable when it came no further
   */
  public boolean finish(AgentId id, Deadline deadline) {
    if (store.find(id, deadline).isPresent()) {
      return true;
    }
    Optional<Receipt> receipt = store.receipt(id, deadline);
    Sweeping sweeping = new Sweeping(store, remains, id, receipt);
    try {
      if (!sweeping.run(deadline)) {
        return false;
      }
      receipt.ifPresent(found -> line(found, deadline));
      return true;
    } catch (Unavailable e) {
      if (!sweeping.hasProgressed()) {
        throw e;
      }
      return false;
    }
  }

  /** The receipt is the record: what follows it may follow later, by the reaper. */
  private void lineIfPossible(Receipt receipt, Deadline deadline) {
    try {
      line(receipt, deadline);
    } catch (Unavailable | Internal e) {
      // no record can fail a shred
    }
  }

  private void line(Receipt receipt, Deadline deadline) {
    recorder.revocation(receipt.id().text(), receipt.revokedBy(), receipt.revokedAt(), deadline);
  }

  private Receipt receiptOf(Operator operator, AgentId id) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new Receipt(
        id,
        operator.tenant(),
        operator.name(),
        now,
        Sweep.NOT_BEGUN,
        recovery.until(now),
        Optional.empty());
  }

  private Receipt sweepAsFarAsPossible(Receipt receipt, Deadline deadline) {
    Sweeping sweeping = new Sweeping(store, remains, receipt.id(), Optional.of(receipt));
    try {
      sweeping.run(deadline);
    } catch (Unavailable | Internal e) {
      // locked and shredded all the same; the reaper deletes the rest
    }
    lineIfPossible(receipt, deadline);
    return sweeping.receipt().orElse(receipt);
  }
}
