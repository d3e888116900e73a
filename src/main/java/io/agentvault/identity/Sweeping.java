package io.agentvault.identity;

import io.agentvault.remote.Deadline;
import java.time.Duration;
import java.util.Optional;

/** One go at emptying the partition of an identity that is gone. */
final class Sweeping {
  /** No page is begun with less time than this. */
  private static final Duration ROOM = Duration.ofSeconds(1);

  private final IdentityStore store;
  private final Remains remains;
  private final AgentId id;
  private Optional<Receipt> receipt;
  private boolean progressed;

  /**
   * @param receipt of the identity; none when its item was deleted past us
   */
  Sweeping(IdentityStore store, Remains remains, AgentId id, Optional<Receipt> receipt) {
    this.store = store;
    this.remains = remains;
    this.id = id;
    this.receipt = receipt;
  }

  /** The receipt as far as this has come. */
  Optional<Receipt> receipt() {
    return receipt;
  }

  /** Whether the next go finds less than this one did. */
  boolean hasProgressed() {
    return progressed;
  }

  /**
   * @return whether nothing is left; false when the deadline came first
   */
  boolean run(Deadline deadline) {
    boolean last = false;
    while (!last) {
      if (!deadline.allows(ROOM)) {
        return false;
      }
      Remains.Page page = remains.page(id, deadline);
      take(page, deadline);
      remains.delete(id, page, deadline);
      progressed = true;
      last = page.last();
    }
    receipt = receipt.map(found -> found.complete() ? found : store.complete(found, deadline));
    return true;
  }

  /** Until the receipt covers the page: by us, or by others who sweep at the same time. */
  private void take(Remains.Page page, Deadline deadline) {
    Optional<Sweep> next = receipt.flatMap(found -> found.sweep().plus(page));
    while (next.isPresent()) {
      receipt = Optional.of(store.advance(receipt.orElseThrow(), next.get(), deadline));
      next = receipt.flatMap(found -> found.sweep().plus(page));
    }
  }
}
