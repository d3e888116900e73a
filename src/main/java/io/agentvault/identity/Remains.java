package io.agentvault.identity;

import io.agentvault.remote.Deadline;
import java.util.List;
import java.util.Optional;

/** What is left in the partition of an identity that is gone, all of it ciphertext without key. */
public interface Remains {

  /** Up to one page (1 MB) of what is left, strongly consistent. */
  Page page(AgentId id, Optional<String> after, Deadline deadline);

  /**
   * Deletes items; those that were not there any more count as deleted.
   *
   * @throws io.agentvault.problem.Unavailable when not all are known to be gone
   */
  void delete(AgentId id, List<String> sortKeys, Deadline deadline);

  /**
   * Part of what is left.
   *
   * @param sortKeys of the items, in order
   * @param next where to go on, when there is more
   */
  record Page(List<String> sortKeys, Optional<String> next) {
    public Page {
      sortKeys = List.copyOf(sortKeys);
    }
  }
}
