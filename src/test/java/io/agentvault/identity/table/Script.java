package io.agentvault.identity.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What is to happen at which call, and which calls there were. */
final class Script {
  private final List<Call> calls = new ArrayList<>();
  private final Map<Integer, Runnable> before = new HashMap<>();
  private final Map<Integer, RuntimeException> faults = new HashMap<>();
  private final Map<Integer, RuntimeException> lostAnswers = new HashMap<>();
  private boolean inHook;

  /** A call as it was made. */
  record Call(String operation, Object request) {}

  synchronized void before(int call, Runnable hook) {
    before.put(calls.size() + call, hook);
  }

  synchronized void fail(int call, RuntimeException fault) {
    faults.put(calls.size() + call, fault);
  }

  synchronized void loseAnswer(int call, RuntimeException fault) {
    lostAnswers.put(calls.size() + call, fault);
  }

  synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Forgets the calls so far, and what was to happen and did not. */
  synchronized void reset() {
    calls.clear();
    List.<Map<?, ?>>of(before, faults, lostAnswers).forEach(Map::clear);
  }

  /** What was to happen and has not. */
  synchronized int pending() {
    return List.of(before, faults, lostAnswers).stream()
        .map(Map::values)
        .mapToInt(Collection::size)
        .sum();
  }

  /** Plays a call; those that a hook makes itself are neither counted nor disturbed. */
  <T> T play(String operation, Object request, Supplier<T> work) {
    Optional<Integer> number = begin(operation, request);
    if (number.isEmpty()) {
      return work.get();
    }
    runHook(number.get());
    throwIfScripted(faults, number.get());
    T result = work.get();
    throwIfScripted(lostAnswers, number.get());
    return result;
  }

  private synchronized Optional<Integer> begin(String operation, Object request) {
    if (inHook) {
      return Optional.empty();
    }
    calls.add(new Call(operation, request));
    return Optional.of(calls.size());
  }

  private void runHook(int number) {
    Optional<Runnable> hook;
    synchronized (this) {
      hook = Optional.ofNullable(before.remove(number));
      inHook = hook.isPresent();
    }
    hook.ifPresent(Runnable::run);
    synchronized (this) {
      inHook = false;
    }
  }

  private synchronized void throwIfScripted(Map<Integer, RuntimeException> faults, int number) {
    Optional<RuntimeException> fault = Optional.ofNullable(faults.remove(number));
    if (fault.isPresent()) {
      throw fault.get();
    }
  }
}
