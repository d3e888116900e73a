package io.agentvault.local.faults;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** A fault and the calls that it strikes. */
public final class FaultRule {
  /** Which of the matching calls are struck, by their number from 1. */
  public enum Times {
    ONCE,
    ALWAYS
  }

  private final Predicate<Call> when;
  private final Fault fault;
  private final IntPredicate strikes;
  private final AtomicInteger matched = new AtomicInteger();
  private final AtomicInteger struck = new AtomicInteger();

  FaultRule(Predicate<Call> when, Fault fault, IntPredicate strikes) {
    this.when = when;
    this.fault = fault;
    this.strikes = strikes;
  }

  static IntPredicate strikes(Times times) {
    return switch (times) {
      case ONCE -> number -> number == 1;
      case ALWAYS -> number -> true;
    };
  }

  boolean strikes(Call call) {
    if (!when.test(call) || !strikes.test(matched.incrementAndGet())) {
      return false;
    }
    struck.incrementAndGet();
    return true;
  }

  Fault fault() {
    return fault;
  }

  /** How many calls were struck: a test that injects a fault asserts that it happened. */
  public int struck() {
    return struck.get();
  }
}
