package io.agentvault.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.remote.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
   * The last checkpoint, and what the checkpoints cover that can cover any of {@code changes}:
   * those that were made after the first of them. What is above the greatest key was never seen, so
   * where all is, one checkpoint was read.
   *
   * <p>What stands in a checkpoint's place and can't be read holds nobody up: the chain goes on
   * from the last that can, says so, and whoever verifies finds the gap.
   */
  Known of(String agent, List<Change> changes, Deadline deadline) {
    Known known = Known.NOTHING;
    Instant first = first(changes);
    Optional<String> place = Optional.empty();
    int limit = 1;
    while (!known.suffices(changes, first)) {
      List<Proofs.Kept> page = proofs.page(agent, true, place, limit, deadline);
      if (page.isEmpty()) {
        break;
      }
      for (Proofs.Kept each : page) {
        known = known.and(agent, each, json);
      }
      place = Optional.of(page.getLast().place());
      limit = PAGE;
    }
    return known;
  }

  private static Instant first(List<Change> changes) {
    return changes.stream()
        .map(Change::at)
        .min(Instant::compareTo)
        .orElse(Instant.MAX)
        .minus(TOLERANCE);
  }

  /**
   * What was read of a chain, from its end.
   *
   * @param last the last that can be read
   * @param number the greatest that stands in any place, read or not
   * @param backTo when the earliest that was read was made
   * @param keys of the records that are covered
   * @param events whose findings are stated
   * @param unreadable places behind the last
   */
  record Known(
      Optional<Checkpoint> last,
      long number,
      Instant backTo,
      Set<String> keys,
      Set<String> events,
      List<Finding> unreadable) {
    static final Known NOTHING =
        new Known(Optional.empty(), 0, Instant.MAX, Set.of(), Set.of(), List.of());

    String greatest() {
      return last.map(Checkpoint::greatest).orElse("");
    }

    private boolean suffices(List<Change> changes, Instant first) {
      return last.isPresent()
          && (backTo.isBefore(first)
              || changes.stream().allMatch(each -> isFresh(each, greatest())));
    }

    private static boolean isFresh(Change change, String greatest) {
      return change.kind() == Change.Kind.INSERT && change.key().compareTo(greatest) > 0;
    }

    private Known and(String agent, Proofs.Kept kept, ObjectMapper json) {
      long highest = Math.max(number, kept.number());
      if (kept.checkpoint().isEmpty()) {
        List<Finding> more = new ArrayList<>(unreadable);
        if (last.isEmpty()) {
          more.add(Finding.unreadable(agent, kept.place()));
        }
        return new Known(last, highest, backTo, keys, events, List.copyOf(more));
      }
      Checkpoint checkpoint = kept.checkpoint().get();
      Set<String> allKeys = new HashSet<>(keys);
      allKeys.addAll(checkpoint.keys());
      Set<String> allEvents = new HashSet<>(events);
      allEvents.addAll(checkpoint.head().events(json));
      return new Known(
          last.or(kept::checkpoint), highest, checkpoint.at(), allKeys, allEvents, unreadable);
    }
  }
}
