package io.agentvault.threats;

import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import io.agentvault.local.faults.WireTap;
import io.agentvault.threats.FaultCase.Bound;
import io.agentvault.threats.FaultCase.End;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Runs one operation with one fault at one of its calls, and holds the outcome to the rules. */
final class FaultMatrix {
  private static final String NO_ANSWER = "ended by Lambda's time-out, not by an answer";

  /** Attempts of the SDK, the first included. */
  private static final int MOST_ATTEMPTS = 3;

  /** Of one BatchGetItem: identity, credential, access token, count. */
  private static final int MOST_KEYS = 4;

  /** Backed off by 125 ms on average, three attempts each where the SDK repeats it as well. */
  private static final int MOST_TRIES_UNTIL_DEADLINE = 120;

  /**
   * A remote call of an operation.
   *
   * @param number among the operation's calls of the same name, from 1
   * @param first whether it is the first of all its calls
   */
  record Target(Scenario scenario, String service, String operation, int number, boolean first) {
    String key() {
      return scenario.function() + "/" + service + "." + operation;
    }

    String label() {
      return operation + (number > 1 ? " (" + number + ")" : "");
    }
  }

  /**
   * One experiment.
   *
   * @param goesOn whether every try meets the fault, not just the first
   */
  record Cell(Target target, FaultCase fault, boolean goesOn) {
    private static final Set<String> ENDS =
        Set.of("identity, rotate key", "identity, revoke", "identity, revoke again", "reaper");
    private static final Set<String> WRITES =
        Set.of("UpdateItem", "TransactWriteItems", "BatchWriteItem");

    /** Whether it is tried until the deadline: contention, and whatever would keep an end away. */
    boolean untilDeadline() {
      boolean keepsAnEndAway =
          fault.isThrottle()
              && ENDS.contains(target.scenario().name())
              && WRITES.contains(target.operation());
      return goesOn && (fault.bound() == Bound.DEADLINE || keepsAnEndAway);
    }

    @Override
    public String toString() {
      return "%s × %s × %s, %s"
          .formatted(
              target.scenario().name(), target.label(), fault.column(), goesOn ? "always" : "once");
    }
  }

  /**
   * What came of it.
   *
   * @param tries how often the call was made, by the tap's count
   * @param violation of a rule, if there was one
   */
  record Result(Cell cell, int status, int tries, Optional<String> violation) {
    boolean timedOut() {
      return status == 500 && violation.filter(text -> text.contains(NO_ANSWER)).isPresent();
    }

    /** Whether it may be this machine's doing: of a time-out's few seconds a hang takes most. */
    boolean isStall() {
      return timedOut() || violation.isPresent() && cell.fault().isHang();
    }
  }

  private final Gate gate;
  private final WireTap tap;

  /** Prepared for a scenario that reads, and as they were after an experiment: good for another. */
  private final Map<Scenario, Queue<Bench>> untouched = new ConcurrentHashMap<>();

  FaultMatrix(Gate gate) {
    this.gate = gate;
    this.tap = gate.cloud().tap();
  }

  /** The remote calls of an operation, as the tap sees them when nothing goes wrong. */
  List<Target> targets(Scenario scenario) {
    Bench bench = prepared(scenario);
    int before = tap.calls().size();
    Reply reply = scenario.act().apply(bench);
    if (!reply.succeeded()) {
      throw new AssertionError(scenario.name() + " fails without a fault: " + reply);
    }
    Predicate<Call> mine = bench.mine(scenario.function());
    List<Target> targets = new ArrayList<>();
    for (Call call : tap.calls().stream().skip(before).filter(mine).toList()) {
      int number =
          1 + (int) targets.stream().filter(t -> t.operation().equals(call.operation())).count();
      targets.add(
          new Target(scenario, call.service(), call.operation(), number, targets.isEmpty()));
    }
    return targets;
  }

  /** Prepared without faults; again where an instance had to start first and took too long. */
  private Bench prepared(Scenario scenario) {
    for (int tries = 1; ; tries++) {
      Bench bench = Bench.patiently(gate);
      try {
        scenario.prepare().accept(bench);
        return bench;
      } catch (AssertionError e) {
        if (tries == 5) {
          throw e;
        }
      }
    }
  }

  /** One that Lambda's time-out ended is run again: a stall of this machine does not come twice. */
  Result run(Cell cell) {
    Result result = runOnce(cell);
    for (int tries = 1; tries < 3 && result.isStall(); tries++) {
      result = runOnce(cell);
    }
    return result;
  }

  private Result runOnce(Cell cell) {
    Target target = cell.target();
    Scenario scenario = target.scenario();
    Queue<Bench> ready = untouched.computeIfAbsent(scenario, key -> new ConcurrentLinkedQueue<>());
    Bench left = ready.poll();
    Bench bench = left == null ? prepared(scenario) : left;
    var before = bench.state();
    AtomicInteger seen = new AtomicInteger();
    Predicate<Call> mine = bench.mine(scenario.function());
    Predicate<Call> struck =
        call ->
            (cell.fault().isSlow() || call.operation().equals(target.operation()))
                && mine.test(call)
                && seen.incrementAndGet() > 0;
    FaultRule rule =
        tap.fault(
            struck,
            cell.fault().fault(),
            number -> cell.goesOn() ? number >= target.number() : number == target.number());
    Reply reply = scenario.act().apply(bench);
    tap.remove(rule);
    int tries = seen.get() - target.number() + 1;
    Rules rules = new Rules(cell, bench, reply);
    rules.check(reply.succeeded() || !reply.error().isEmpty() || rules.isReaper(), NO_ANSWER);
    rules.check(rule.struck() > 0, "the fault never struck");
    if (!cell.fault().isSlow()) {
      rules.tries(tries);
    }
    rules.answer();
    boolean untouched = bench.state().equals(before);
    // after the look at what was before: what was given up for its slowness may be written just now
    boolean done = !scenario.reads() && scenario.done().test(bench);
    rules.state(untouched, done);
    rules.check(
        bench.isWholeOrGone(), "an identity without receipt is gone, or one with it is there");
    rules.repeat(done);
    if (scenario.reads() && rules.first().isEmpty() && !cell.fault().isSlow()) {
      ready.add(bench);
    }
    return new Result(cell, reply.status(), tries, rules.first());
  }

  /** What must hold after a fault; keeps the first rule broken. */
  private static final class Rules {
    private final Cell cell;
    private final Bench bench;
    private final Reply reply;
    private Optional<String> broken = Optional.empty();

    Rules(Cell cell, Bench bench, Reply reply) {
      this.cell = cell;
      this.bench = bench;
      this.reply = reply;
    }

    Optional<String> first() {
      return broken.map(rule -> cell + ": " + rule + " (" + reply + ")");
    }

    void check(boolean holds, String otherwise) {
      if (!holds && broken.isEmpty()) {
        broken = Optional.of(otherwise);
      }
    }

    void tries(int tries) {
      int most = cell.untilDeadline() ? MOST_TRIES_UNTIL_DEADLINE : MOST_ATTEMPTS;
      if (cell.fault().column().equals("unprocessed, half")) {
        most = MOST_KEYS; // one a try is answered
      }
      check(tries <= most, tries + " tries");
    }

    void answer() {
      End end = cell.goesOn() ? cell.fault().always() : cell.fault().once();
      if (cell.fault().isSlow()) {
        check(reply.succeeded() || isUnavailable(), "neither done nor unavailable");
        return;
      }
      switch (end) {
        case HEALED ->
            check(
                reply.succeeded() || (isCutRefusal() && (isUnavailable() || isReaper())),
                "not healed");
        case UNAVAILABLE -> check(isUnavailable() || isLockedOnly() || isLine(), "not unavailable");
        case INTERNAL ->
            check(
                (reply.status() == 500 && reply.error().equals("internal"))
                    || isReaper()
                    || isLockedOnly()
                    || isLine(),
                "not internal");
      }
    }

    /** Half of a refusal can't be read: it is not known what was refused, nor worth repeating. */
    private boolean isCutRefusal() {
      return cell.fault().fault() instanceof Fault.HalfAnswer
          && (cell.target().key().equals("identity/dynamodb.TransactWriteItems")
                  && cell.target().scenario().name().equals("identity, revoke again")
              || cell.target().key().equals("reaper/dynamodb.PutItem"));
    }

    private boolean isReaper() {
      return cell.target().scenario().function().equals("reaper") && reply.status() == 503;
    }

    private boolean isUnavailable() {
      boolean retryAfter =
          reply
              .headers()
              .firstValue("retry-after")
              .filter(text -> text.matches("[1-9]\\d*"))
              .isPresent();
      return isReaper()
          || (reply.status() == 503 && reply.error().equals("unavailable") && retryAfter);
    }

    /** A revocation that locked the vault answers so, and leaves the sweep to the reaper. */
    private boolean isLockedOnly() {
      return cell.target().scenario().name().startsWith("identity, revoke")
          && !cell.target().first()
          && reply.succeeded()
          && !reply.json().path("complete").asBoolean(true);
    }

    /** A revocation's record is its receipt; the line that follows it fails nothing. */
    private boolean isLine() {
      return cell.target().scenario().name().startsWith("identity, revoke")
          && cell.target().operation().equals("PutItem")
          && reply.succeeded();
    }

    void state(boolean untouched, boolean done) {
      Scenario scenario = cell.target().scenario();
      if (scenario.reads()) {
        check(untouched, "a read wrote");
      } else if (reply.succeeded()) {
        check(done, "answered as done, and is not");
      } else {
        boolean inSteps =
            scenario.name().contains("revoke") || scenario.function().equals("reaper");
        check(untouched || done || inSteps, "half-written");
      }
    }

    /** The caller's duty after 503: the same request again. */
    void repeat(boolean alreadyDone) {
      Scenario scenario = cell.target().scenario();
      Reply again = scenario.act().apply(bench);
      for (int tries = 1; again.status() == 503 && tries < MOST_ATTEMPTS; tries++) {
        // as Retry-After says: after many faults the SDK's retry quota is used up, and a connection
        // that the fault closed is then found out by a request that is not repeated
        again = scenario.act().apply(bench);
      }
      boolean changes = reply.succeeded() && !scenario.reads();
      check(
          changes || scenario.again().contains(again.status()),
          "the same request answers " + again + " when the fault is over");
      // what was given up for its slowness may still have been written, and is then done twice:
      // that is what unavailable says
      check(
          alreadyDone || scenario.reads() || cell.fault().isSlow() || scenario.done().test(bench),
          "the same request did not do it when the fault was over");
    }
  }
}
