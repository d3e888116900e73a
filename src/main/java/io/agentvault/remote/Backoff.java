package io.agentvault.remote;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before asking again: exponential from 10 ms to 250 ms with full jitter, and
 * never past the deadline.
 *
 * @param jitter numbers from 0 to 1
 * @param pause how to wait
 * @param mostFailures after so many, it is given up though the deadline would allow more
 * @see <a href="https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/">
 *     Timeouts, retries, and backoff with jitter</a>
 */
public record Backoff(DoubleSupplier jitter, Pause pause, int mostFailures) {
  private static final Duration BASE = Duration.ofMillis(10);
  private static final Duration CAP = Duration.ofMillis(250);
  private static final int DOUBLINGS = 5;

  /** About 4 seconds of waiting: enough for a hundred callers at one credential. */
  private static final int BUDGET = 32;

  /** Tries for about 4 seconds. */
  public Backoff(DoubleSupplier jitter, Pause pause) {
    this(jitter, pause, BUDGET);
  }

  /** The same waits for as long as the deadline allows: for what nothing may turn away. */
  public Backoff untilDeadline() {
    return new Backoff(jitter, pause, Integer.MAX_VALUE);
  }

  /** Whether only the deadline ends it. */
  boolean isUntilDeadline() {
    return mostFailures == Integer.MAX_VALUE;
  }

  /** Waiting, so that a test need not. */
  @FunctionalInterface
  public interface Pause {
    /** Waits this long; returns early, with the thread's interrupt flag set, when interrupted. */
    void sleep(Duration duration);

    /** Really waits. */
    static Pause real() {
      return duration -> {
        try {
          Thread.sleep(duration);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      };
    }
  }

  /**
   * Waits before the next try.
   *
   * @param failures how many tries have failed, from 1
   * @return false, at once, when the deadline leaves no room for another try, or there were enough
   */
  public boolean before(int failures, Deadline deadline) {
    Duration most = BASE.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
    Duration bounded = most.compareTo(CAP) > 0 ? CAP : most;
    Duration wait = Duration.ofNanos((long) (bounded.toNanos() * jitter.getAsDouble()));
    if (failures >= mostFailures
        || !deadline.allows(wait.plus(BASE))
        || Thread.currentThread().isInterrupted()) {
      return false;
    }
    pause.sleep(wait);
    return true;
  }
}
