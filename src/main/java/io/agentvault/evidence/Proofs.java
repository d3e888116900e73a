package io.agentvault.evidence;

import io.agentvault.remote.Deadline;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where checkpoints and counts live. */
interface Proofs {
  /**
   * Checkpoints of an agent, the last first.
   *
   * @param before only those before this number, unless it is empty
   * @param limit at most so many
   */
  List<Checkpoint> newestFirst(String agent, Optional<Long> before, int limit, Deadline deadline);

  /** The counts of these names; none for what was never used. */
  Map<String, Uses> uses(String agent, Collection<String> names, Deadline deadline);

  /**
   * Writes a checkpoint and the counts up to it, all or nothing.
   *
   * @return false when there is one of this number: somebody else went on
   */
  boolean append(Checkpoint next, Collection<Uses> uses, Deadline deadline);
}
