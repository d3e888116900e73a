package io.agentvault.vault;

import io.agentvault.evidence.Entry;
import io.agentvault.evidence.Log;
import io.agentvault.evidence.Uses;
import io.agentvault.evidence.Wanted;
import io.agentvault.identity.Bearer;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.Limits;
import io.agentvault.problem.Forbidden;
import io.agentvault.remote.Deadline;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an agent may see of its own records. Looking at them is no record. */
public final class Logs {
  private final Access access;
  private final Log log;
  private final Clock clock;

  Logs(Access access, Log log, Clock clock) {
    this.access = access;
    this.log = log;
    this.clock = clock;
  }

  /**
   * The agent's records, newest first.
   *
   * @param limit at most so many
   * @param after only those older than the record of this key
   */
  public Log.Page page(
      Bearer bearer, Wanted wanted, int limit, Optional<String> after, Deadline deadline) {
    Agent agent = access.enter(bearer, deadline);
    return log.page(
        agent.identity().id().text(),
        wanted,
        entry -> isFor(agent.limits(), entry),
        limit,
        after,
        deadline);
  }

  /** A token sees what is about its own labels. */
  private static boolean isFor(Limits limits, Entry entry) {
    return limits.coverEverything() || entry.label().filter(limits::covers).isPresent();
  }

  /**
   * How many records there are, as far as they have been counted.
   *
   * @throws Forbidden when the bearer is not for all labels: records are counted together
   */
  public Stats stats(Bearer bearer, Deadline deadline) {
    Access.Counted counted = access.enterWithUses(bearer, Set.of(Uses.TOTAL), deadline);
    if (!counted.agent().limits().coverEverything()) {
      throw Forbidden.because("the token is not for all labels");
    }
    Optional<Uses> total = Optional.ofNullable(counted.uses().get(Uses.TOTAL));
    return new Stats(
        total.map(Uses::count).orElse(0L),
        total.map(uses -> uses.on(clock.instant())).orElse(0L),
        total.map(Uses::errors).orElse(0L),
        total.map(Uses::byCategory).orElse(Map.of()));
  }

  /**
   * Numbers of records.
   *
   * @param total from the first on
   * @param today in UTC
   * @param errors those of what was denied or failed
   * @param byCategory those of each category
   */
  public record Stats(long total, long today, long errors, Map<String, Long> byCategory) {
    public Stats {
      byCategory = Map.copyOf(byCategory);
    }
  }
}
