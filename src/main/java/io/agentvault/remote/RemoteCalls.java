package io.agentvault.remote;

import io.agentvault.problem.Internal;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The one way to call an AWS service: it sets the call's time limits from the invocation's
 * deadline, counts the call, and turns every fault of the SDK into a {@link Problem}.
 *
 * <p>No SDK exception leaves it, so a refusal that <em>means</em> something to the adapter, such as
 * a condition that did not hold, is to be caught inside the call, or named by its {@code refusals}.
 */
public final class RemoteCalls {
  /**
   * At most this long for a call with all its attempts and the waits between them. One attempt
   * gives up sooner, when the clients' sockets have heard nothing for 2 seconds, so that a lost
   * packet leaves time for another.
   */
  static final Duration CALL_LIMIT = Duration.ofSeconds(5);

  /** What a caller waits before repeating after an outage or a throttle that our retries met. */
  public static final int RETRY_AFTER_SECONDS = 1;

  // The SDK sets no timer at all for a limit of zero whole milliseconds.
  private static final Duration SHORTEST = Duration.ofMillis(1);

  // DynamoDB and KMS answer 400 for these, so the status can't tell them from a malformed request.
  // They speak of our role, its credentials or our clock: an outage to the caller.
  private static final Set<String> NOT_ADMITTED =
      Set.of(
          "AccessDenied",
          "AccessDeniedException",
          "ExpiredToken",
          "ExpiredTokenException",
          "IncompleteSignature",
          "IncompleteSignatureException",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "OptInRequired",
          "UnrecognizedClientException");

  private RemoteCalls() {}

  /**
   * Calls {@code service} within the deadline.
   *
   * @param service in the words of {@link Unavailable}
   * @param call sends one request that carries the given configuration
   * @throws Unavailable when no time is left (the call is then not begun), and for a timeout, a
   *     network fault, a throttle, an answer of 5xx, or a role that is not admitted
   * @throws Internal when the service refuses the request itself: a defect, or a resource that is
   *     not there
   */
  public static <T> T call(
      String service, Deadline deadline, Function<AwsRequestOverrideConfiguration, T> call) {
    return call(service, deadline, refusal -> Optional.empty(), call);
  }

  /**
   * As {@link #call(String, Deadline, Function)}, for a service some of whose refusals have a
   * meaning.
   *
   * @param refusals the problem that an answer of the service stands for; empty to classify it as
   *     usual
   */
  public static <T> T call(
      String service,
      Deadline deadline,
      Function<AwsServiceException, Optional<? extends Problem>> refusals,
      Function<AwsRequestOverrideConfiguration, T> call) {
    AwsRequestOverrideConfiguration limits = limits(deadline.remainingFor(service));
    Instant begun = deadline.clock().instant();
    try {
      return call.apply(limits);
    } catch (AwsServiceException refusal) {
      deadline.roundTrips().fault(service, errorCode(refusal));
      Optional<? extends Problem> meaning = refusals.apply(refusal);
      throw meaning.isPresent() ? meaning.get() : problem(service, refusal);
    } catch (SdkException fault) {
      deadline.roundTrips().fault(service, fault.getClass().getSimpleName());
      throw new Unavailable(service, RETRY_AFTER_SECONDS);
    } finally {
      Duration took = Duration.between(begun, deadline.clock().instant());
      deadline.roundTrips().count(service, took.isNegative() ? Duration.ZERO : took);
    }
  }

  private static AwsRequestOverrideConfiguration limits(Duration remaining) {
    return AwsRequestOverrideConfiguration.builder()
        .apiCallTimeout(between(SHORTEST, remaining, CALL_LIMIT))
        .build();
  }

  private static Duration between(Duration least, Duration wanted, Duration most) {
    Duration capped = wanted.compareTo(most) < 0 ? wanted : most;
    return capped.compareTo(least) < 0 ? least : capped;
  }

  private static Problem problem(String service, AwsServiceException refusal) {
    boolean outage =
        refusal.statusCode() >= 500
            || isCut(refusal)
            || refusal.isThrottlingException()
            || refusal.isClockSkewException()
            || NOT_ADMITTED.contains(errorCode(refusal));
    return outage
        ? new Unavailable(service, RETRY_AFTER_SECONDS)
        : new Internal("the " + service + " refused a request of the vault");
  }

  /** An error without its code is an answer of which a part is missing: nothing is known. */
  private static boolean isCut(AwsServiceException refusal) {
    @Nullable AwsErrorDetails details = refusal.awsErrorDetails();
    return details == null || details.errorCode() == null || details.errorCode().isBlank();
  }

  private static String errorCode(AwsServiceException refusal) {
    @Nullable String code =
        refusal.awsErrorDetails() == null ? null : refusal.awsErrorDetails().errorCode();
    return code == null ? refusal.getClass().getSimpleName() : code;
  }
}
