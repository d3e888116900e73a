package io.agentvault.evidence;

import io.agentvault.problem.Problem;
import io.agentvault.problem.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What became of each agent's part of a batch, apart from the others': one that fails holds up
 * those that share its shard, so by an outage it does until it ends, and by a defect for a while.
 */
final class Outcome {
  /** As long as someone may need to mend a defect, or a deployment to be over. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final Map<String, List<Change>> byAgent;
  private final Clock clock;
  private final Set<String> postponed = new HashSet<>();
  private final Set<String> defective = new HashSet<>();
  private final Set<String> faults = new TreeSet<>();
  private final List<Finding> findings = new ArrayList<>();

  Outcome(Map<String, List<Change>> byAgent, Clock clock) {
    this.byAgent = byAgent;
    this.clock = clock;
  }

  /** Does a part, unless one before it was not done. */
  void attempt(String agent, Runnable part) {
    if (isUnfinished(agent)) {
      return;
    }
    try {
      part.run();
    } catch (Unavailable outage) {
      postponed.add(agent);
      faults.add(outage.code());
    } catch (Problem problem) {
      defective.add(agent);
      faults.add(problem.code());
    } catch (RuntimeException defect) {
      defective.add(agent);
      faults.add(defect.getClass().getName()); // its message may be anything
    }
  }

  void postponed(String agent) {
    postponed.add(agent);
  }

  /** None of these can be written. */
  void unsigned(List<Chapter> chapters, Problem problem) {
    chapters.forEach(chapter -> postponed.add(chapter.agent()));
    faults.add(problem.code());
  }

  /** What it says is known from now on: delivered again it is no news. */
  void wrote(Chapter chapter) {
    findings.addAll(chapter.findings());
  }

  private boolean isUnfinished(String agent) {
    return postponed.contains(agent) || defective.contains(agent);
  }

  Scribe.Taken taken() {
    Set<String> again = new TreeSet<>();
    Set<String> givenUp = new TreeSet<>();
    Instant longAgo = clock.instant().minus(PATIENCE);
    Map<String, List<Change>> unfinished = new LinkedHashMap<>(byAgent);
    unfinished.keySet().removeIf(agent -> !isUnfinished(agent));
    unfinished.forEach(
        (agent, changes) -> {
          for (Change change : changes) {
            boolean hopeless = defective.contains(agent) && change.at().isBefore(longAgo);
            (hopeless ? givenUp : again).add(change.event());
          }
        });
    return new Scribe.Taken(findings, again, givenUp, faults);
  }
}
