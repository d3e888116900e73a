package io.agentvault.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import io.agentvault.remote.Deadline;
import java.time.Clock;
import java.time.Duration;

/** What an invocation leaves us to work with. */
final class Invocation {
  /** Kept back to write the answer, which is to arrive before Lambda ends the invocation. */
  private static final Duration MARGIN = Duration.ofMillis(500);

  private Invocation() {}

  static Deadline deadline(Context context, Clock clock) {
    Duration left = Duration.ofMillis(context.getRemainingTimeInMillis());
    return Deadline.after(left.minus(MARGIN), clock);
  }
}
