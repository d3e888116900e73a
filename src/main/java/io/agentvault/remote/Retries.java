package io.agentvault.remote;

import java.time.Duration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/**
 * How often, and how soon after a fault, an SDK client tries again.
 *
 * <p>The SDK decides what may be repeated (faults of the network, 5xx, throttles) and stops when
 * most of its calls fail (its token bucket). A write that must not be applied twice is made safe by
 * its condition or its idempotency token, never by hoping that it is not repeated.
 */
public final class Retries {
  /** Attempts of one call, the first included. */
  public static final int MOST_ATTEMPTS = 3;

  private static final Duration FIRST_DELAY = Duration.ofMillis(25);
  private static final Duration FIRST_DELAY_AFTER_THROTTLE = Duration.ofMillis(50);
  private static final Duration LONGEST_DELAY = Duration.ofMillis(500);

  private Retries() {}

  /**
   * The SDK's standard mode with at most {@value #MOST_ATTEMPTS} attempts and full jitter: each
   * wait is anywhere from zero to 25 ms (50 ms after a throttle), doubling per attempt, at most 500
   * ms. One strategy per client: it holds that client's token bucket.
   *
   * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html">AWS
   *     SDKs and Tools Reference Guide, Retry behavior</a>
   */
  public static StandardRetryStrategy strategy() {
    return AwsRetryStrategy.standardRetryStrategy().toBuilder()
        .maxAttempts(MOST_ATTEMPTS)
        .backoffStrategy(BackoffStrategy.exponentialDelay(FIRST_DELAY, LONGEST_DELAY))
        .throttlingBackoffStrategy(
            BackoffStrategy.exponentialDelay(FIRST_DELAY_AFTER_THROTTLE, LONGEST_DELAY))
        .build();
  }
}
