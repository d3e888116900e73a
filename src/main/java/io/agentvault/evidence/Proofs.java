package io.agentvault.evidence;

import io.agentvault.remote.Deadline;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where checkpoints and counts live. */
interface Proofs {
  /**
   * What stands where checkpoints of an agent do, the last first, or from the first on.
   *
   * @param after the place behind which to go on; empty for the beginning
   * @param limit at most so many
   */
  List<Kept> page(
      String agent, boolean lastFirst, Optional<String> after, int limit, Deadline deadline);

  /** The counts of these names; none for what was never used. */
  Map<String, Uses> uses(String agent, Collection<String> names, Deadline deadline);

  /**
   * Writes a checkpoint and the counts up to it, all or nothing.
   *
   * @return false when there is one of this number: somebody else went on
   */
  boolean append(Checkpoint next, Collection<Uses> uses, Deadline deadline);

  /**
   * What stands in the place of a checkpoint.
   *
   * @param place its sort key
   * @param checkpoint empty when it is none, whoever put it there or changed it
   */
  record Kept(String place, Optional<Checkpoint> checkpoint) {
    /** The checkpoint's number by its place; 0 when no checkpoint stands in such a place. */
    long number() {
      return CheckpointItem.numberOf(place);
    }
  }
}
