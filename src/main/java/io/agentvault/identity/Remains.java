package io.agentvault.identity;

import io.agentvault.remote.Deadline;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is left in the partition of an identity that is gone, all of it ciphertext without key. */
public interface Remains {

  /** The first page of what is left, 500 items and 1 MB at most, strongly consistent. */
  Page page(AgentId id, Deadline deadline);

  /**
   * Deletes items; those that were not there any more count as deleted.
   *
   * @throws io.agentvault.problem.Unavailable when not all are known to be gone
   */
  void delete(AgentId id, Page page, Deadline deadline);

  /**
   * Part of what is left.
   *
   * @param items in the order of their sort keys
   * @param last whether nothing stands behind them
   */
  record Page(List<Item> items, boolean last) {
    public Page {
      items = List.copyOf(items);
    }
  }

  /**
   * One item.
   *
   * @param handedOutUntil of an access token that was handed out, when it ends at its upstream
   */
  record Item(String sortKey, Optional<Instant> handedOutUntil) {}
}
