package io.agentvault.vault;

import io.agentvault.evidence.Act;
import io.agentvault.evidence.Recorder;
import io.agentvault.evidence.Uses;
import io.agentvault.identity.Authentication;
import io.agentvault.identity.Bearer;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.Scope;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.Transactions;
import io.agentvault.vault.CredentialStore.Loaded;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The way in: one read, the key verified against it, the scope held; and the way out: what a proven
 * caller did, or was not allowed to, is on record before it is answered.
 */
final class Access {
  private final CredentialStore store;
  private final Authentication authentication;
  private final Recorder recorder;
  private final Backoff backoff;
  private final Clock clock;

  Access(
      CredentialStore store,
      Authentication authentication,
      Recorder recorder,
      Backoff backoff,
      Clock clock) {
    this.store = store;
    this.authentication = authentication;
    this.recorder = recorder;
    this.backoff = backoff;
    this.clock = clock;
  }

  /**
   * The agent that presents {@code bearer}, for what touches no credential: nothing is recorded.
   */
  Agent enter(Bearer bearer, Deadline deadline) {
    return authentication.authenticate(bearer, store.load(bearer, deadline).identity(), deadline);
  }

  /** As {@link #enter(Bearer, Deadline)}, with counts by their names. */
  Counted enterWithUses(Bearer bearer, Set<String> names, Deadline deadline) {
    Loaded loaded = store.load(bearer, names, deadline);
    return new Counted(
        authentication.authenticate(bearer, loaded.identity(), deadline), loaded.uses());
  }

  /**
   * Who came in, and how often what it asked about was used.
   *
   * @param uses counts by their names, of those that there are
   */
  record Counted(Agent agent, Map<String, Uses> uses) {}

  /** A read: it is answered when its record is written. */
  <T> T read(Bearer bearer, Operation operation, Deadline deadline, Function<Entered, T> reading) {
    return use(
        bearer,
        operation,
        deadline,
        entered -> {
          T answer = reading.apply(entered);
          entered.recordDone();
          return answer;
        });
  }

  /** What puts itself on record where it succeeds. */
  <T> T use(Bearer bearer, Operation operation, Deadline deadline, Function<Entered, T> using) {
    Entered entered = enter(bearer, operation, clock.instant(), deadline);
    return entered.noting(() -> using.apply(admitted(entered, operation)));
  }

  /**
   * A change, whose record is written with it. It is tried, from the read on, until it is decided:
   * a change that another one overtook is tried on what is there then.
   *
   * @param change its result, of who came in and the number of this try from 1; empty when what it
   *     had read was no longer so
   * @throws Unavailable when others kept overtaking it until the deadline
   */
  <T> T change(
      Bearer bearer,
      Operation operation,
      Deadline deadline,
      BiFunction<Entered, Integer, Optional<T>> change) {
    Instant begun = clock.instant();
    return untilDecided(
        deadline,
        failures -> {
          Entered entered = enter(bearer, operation, begun, deadline);
          return entered.noting(() -> change.apply(admitted(entered, operation), failures));
        });
  }

  private Entered enter(Bearer bearer, Operation operation, Instant begun, Deadline deadline) {
    Loaded loaded =
        operation.label().isPresent()
            ? store.load(bearer, operation.label().get(), operation.needsAccess(), deadline)
            : store.load(bearer, deadline);
    Agent agent = authentication.authenticate(bearer, loaded.identity(), deadline);
    return entered(agent, loaded, operation, begun, deadline);
  }

  /** For an agent that was proven elsewhere, and what was found with it. */
  Entered entered(
      Agent agent, Loaded loaded, Operation operation, Instant begun, Deadline deadline) {
    Act act =
        new Act(
            agent.identity().id().text(),
            agent.actor(),
            operation.action(),
            operation.label().map(Label::text),
            begun,
            deadline);
    return new Entered(
        agent,
        loaded.credential(),
        loaded.access(),
        loaded.uses(),
        act,
        operation.isRead(),
        recorder);
  }

  /** The one place where a caller's limits are held against what it asks for. */
  private static Entered admitted(Entered entered, Operation operation) {
    if (!operation.anyOf().isEmpty()) {
      entered.agent().require(operation.anyOf().toArray(Scope[]::new));
    }
    operation.label().ifPresent(label -> entered.agent().limits().require(label.text()));
    return entered;
  }

  /**
   * Tries something until it is decided.
   *
   * @param change its result, of the number of this try; empty when what it had read was no longer
   *     so
   * @throws Unavailable when others kept overtaking it until the deadline
   */
  <T> T untilDecided(Deadline deadline, Function<Integer, Optional<T>> change) {
    for (int failures = 1; ; failures++) {
      Optional<T> decided = change.apply(failures);
      if (decided.isPresent()) {
        return decided.get();
      }
      if (!backoff.before(failures, deadline)) {
        throw new Unavailable(Transactions.STORAGE, 1);
      }
    }
  }
}
