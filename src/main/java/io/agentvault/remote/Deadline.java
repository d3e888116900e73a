package io.agentvault.remote;

import io.agentvault.problem.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The instant by which an invocation must have answered, with a margin kept to write that answer.
 * Every remote call of the invocation is given it, so it also carries the count of those calls, and
 * where the invocation came from.
 *
 * @param instant when the last remote call must have ended
 * @param clock the one clock of this instance
 * @param roundTrips what this invocation has called so far
 * @param origin what is recorded of where it came from
 */
public record Deadline(Instant instant, Clock clock, RoundTrips roundTrips, Origin origin) {
  /** A deadline of an invocation that has called nothing yet. */
  public Deadline(Instant instant, Clock clock) {
    this(instant, clock, new RoundTrips(), Origin.UNKNOWN);
  }

  /** The same deadline of an invocation that came from {@code known}. */
  public Deadline of(Origin known) {
    return new Deadline(instant, clock, roundTrips, known);
  }

  /** A deadline this far from now. */
  public static Deadline after(Duration duration, Clock clock) {
    return new Deadline(clock.instant().plus(duration), clock);
  }

  /** The same invocation's, for something that is to end earlier by {@code duration}. */
  public Deadline less(Duration duration) {
    return new Deadline(instant.minus(duration), clock, roundTrips, origin);
  }

  /** What is left; never negative. */
  public Duration remaining() {
    Duration left = Duration.between(clock.instant(), instant);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Whether at least {@code duration} is left. */
  public boolean allows(Duration duration) {
    return remaining().compareTo(duration) >= 0;
  }

  /**
   * What is left for a call to {@code service}.
   *
   * @throws Unavailable when nothing is left: the call is not begun
   */
  public Duration remainingFor(String service) {
    Duration left = remaining();
    if (left.isZero()) {
      throw new Unavailable(service, 1);
    }
    return left;
  }
}
