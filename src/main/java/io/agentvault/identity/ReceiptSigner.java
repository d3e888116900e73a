package io.agentvault.identity;

import io.agentvault.evidence.Notary;
import io.agentvault.evidence.ReceiptStatement;
import io.agentvault.problem.Problem;
import io.agentvault.remote.Deadline;
import java.time.Duration;
import java.util.Optional;

/**
 * Puts receipts under a signature. It has a share of the time of its own, and whatever it meets,
 * the revocation has happened and is answered: what is missing is signed when the receipt is next
 * asked for.
 */
public final class ReceiptSigner {
  /** What a signature takes at most: a reading, the signature, and its writing. */
  static final Duration SHARE = Duration.ofSeconds(4);

  private final IdentityStore store;
  private final Notary notary;

  public ReceiptSigner(IdentityStore store, Notary notary) {
    this.store = store;
    this.notary = notary;
  }

  /** The receipt with its signature, or as it is when none can be had now. */
  Receipt sign(Receipt receipt, Deadline deadline) {
    if (!receipt.isToBeSigned()) {
      return receipt;
    }
    Deadline share = deadline.within(SHARE);
    try {
      String jws = notary.sign(statement(receipt), share);
      return store.sign(receipt, new Receipt.Signature(jws, receipt.complete()), share);
    } catch (Problem unsigned) {
      return receipt; // the request log names the fault
    }
  }

  private static ReceiptStatement statement(Receipt receipt) {
    return new ReceiptStatement(
        receipt.id().text(),
        receipt.tenant(),
        receipt.revokedBy(),
        receipt.revokedAt(),
        receipt.recoverableUntil(),
        receipt.complete()
            ? Optional.of(
                new ReceiptStatement.Swept(
                    receipt.credentialsDestroyed().orElse(0),
                    receipt.sweep().accessTokensValidUntil()))
            : Optional.empty());
  }
}
