package io.agentvault.local.runtime;

import io.agentvault.local.template.Template;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * The concurrency of an account, one pool for all functions. What a function has reserved is for it
 * alone, and is all that it has; the others share the rest.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html">reserved
 *     concurrency</a>
 */
public final class Concurrency {
  private final Map<String, Share> reserved = new HashMap<>();
  private final Share rest;

  private record Share(int size, Semaphore free, Outcome.Throttled refusal) {
    Share(int size, String reason) {
      this(size, new Semaphore(size), Outcome.Throttled.because(reason));
    }
  }

  public Concurrency(int account, List<Template.Function> functions) {
    int left = account;
    for (Template.Function function : functions) {
      if (function.reservedConcurrency().isPresent()) {
        int size = function.reservedConcurrency().getAsInt();
        left -= size;
        reserved.put(
            function.name(), new Share(size, "ReservedFunctionConcurrentInvocationLimitExceeded"));
      }
    }
    if (left < 0) {
      throw new IllegalArgumentException("more concurrency is reserved than the account has");
    }
    rest = new Share(left, "ConcurrentInvocationLimitExceeded");
  }

  private Share share(String function) {
    return reserved.getOrDefault(function, rest);
  }

  /** How many events of a function may run at once at most. */
  public int limit(String function) {
    return share(function).size();
  }

  /** Whether one more event of the function may run now; each that may is to {@link #leave}. */
  boolean enter(String function) {
    return share(function).free().tryAcquire();
  }

  void leave(String function) {
    share(function).free().release();
  }

  Outcome.Throttled refusal(String function) {
    return share(function).refusal();
  }
}
