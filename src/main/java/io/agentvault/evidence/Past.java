package io.agentvault.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.remote.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What of a batch is in an agent's chain already. */
final class Past {
  private static final int PAGE = 20;

  /** A checkpoint is younger than what it covers, by clocks that differ by less than this. */
  private static final Duration TOLERANCE = Duration.ofMinutes(10);

  private final Proofs proofs;
  private final ObjectMapper json;

  Past(Proofs proofs, ObjectMapper json) {
    this.proofs = proofs;
    this.json = json;
  }

  /**
   * The last head, and what the checkpoints cover that can cover any of {@code changes}: those that
   * were made after the first of them. What is above the greatest key was never seen, so where all
   * is, one checkpoint was read.
   */
  Known of(String agent, List<Change> changes, Deadline deadline) {
    List<Checkpoint> page = proofs.newestFirst(agent, Optional.empty(), 1, deadline);
    if (page.isEmpty()) {
      return new Known(Optional.empty(), "", Set.of(), Set.of());
    }
    Checkpoint last = page.getFirst();
    Set<String> keys = new HashSet<>();
    Set<String> events = new HashSet<>();
    boolean fresh = changes.stream().allMatch(each -> isFresh(each, last.greatest()));
    Instant first = first(changes);
    while (!fresh && !page.isEmpty()) {
      for (Checkpoint each : page) {
        keys.addAll(each.keys());
        events.addAll(each.head().events(json));
      }
      Checkpoint oldest = page.getLast();
      if (oldest.at().isBefore(first)) {
        break;
      }
      page = proofs.newestFirst(agent, Optional.of(oldest.head().number()), PAGE, deadline);
    }
    return new Known(Optional.of(last.head()), last.greatest(), keys, events);
  }

  private static boolean isFresh(Change change, String greatest) {
    return change.kind() == Change.Kind.INSERT && change.key().compareTo(greatest) > 0;
  }

  private static Instant first(List<Change> changes) {
    return changes.stream()
        .map(Change::at)
        .min(Instant::compareTo)
        .orElse(Instant.MAX)
        .minus(TOLERANCE);
  }

  record Known(Optional<Head> head, String greatest, Set<String> keys, Set<String> events) {}
}
