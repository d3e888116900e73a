package io.agentvault.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** How one remote call goes wrong. */
enum Trouble {
  /** The process ends when it is about to call; the service never hears of it. */
  KILLED_BEFORE,
  /** The process ends when the service has acted, before it hears of that. */
  KILLED_AFTER,
  /** The connection breaks on the way there. */
  NEVER_HEARD,
  /** The connection breaks on the way back. */
  ANSWER_LOST,
  /** The connection breaks in the midst of the answer. */
  HALF_ANSWERED;

  boolean kills() {
    return this == KILLED_BEFORE || this == KILLED_AFTER;
  }

  private List<Fault> faults(LocalCloud cloud) {
    return switch (this) {
      case KILLED_BEFORE -> List.of(Fault.before(cloud::killCaller), Fault.resetBefore());
      case KILLED_AFTER -> List.of(Fault.after(cloud::killCaller), Fault.resetAfter());
      case NEVER_HEARD -> List.of(Fault.resetBefore());
      case ANSWER_LOST -> List.of(Fault.resetAfter());
      case HALF_ANSWERED -> List.of(Fault.halfAnswer());
    };
  }

  /** Befalls the matching call of that index, from 0. */
  Befallen befall(LocalCloud cloud, Predicate<Call> calls, int index) {
    return befall(cloud, calls, number -> number == index + 1);
  }

  /** Befalls those matching calls whose number, from 1, is accepted. */
  Befallen befall(LocalCloud cloud, Predicate<Call> calls, IntPredicate numbers) {
    return new Befallen(
        faults(cloud).stream().map(fault -> cloud.tap().fault(calls, fault, numbers)).toList());
  }

  /** Befalls the matching call of that index, its repetitions, and every one after it. */
  void befallFrom(LocalCloud cloud, Predicate<Call> calls, int index) {
    faults(cloud).forEach(fault -> cloud.tap().fault(calls, fault, number -> number > index));
  }

  /** Each of these calls in each trouble: index, operation, trouble. */
  static Stream<Arguments> each(List<String> operations, Trouble... troubles) {
    return IntStream.range(0, operations.size())
        .boxed()
        .flatMap(
            index ->
                Stream.of(troubles)
                    .map(trouble -> Arguments.of(index, operations.get(index), trouble)));
  }

  /** A trouble that was asked for. */
  record Befallen(List<FaultRule> rules) {
    /** It happened, once. */
    void assertHappened() {
      assertThat(rules).allSatisfy(rule -> assertThat(rule.struck()).isEqualTo(1));
    }

    /** How many calls it befell. */
    int struck() {
      return rules.getFirst().struck();
    }
  }
}
