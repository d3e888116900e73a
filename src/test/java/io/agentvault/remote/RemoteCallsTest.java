package io.agentvault.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentvault.problem.Conflict;
import io.agentvault.problem.Internal;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unavailable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

class RemoteCallsTest {
  private static final String CANARY = "canary-in-a-service-message";

  private final MutableClock clock = new MutableClock();

  @Test
  void aCallGetsWhatRemainsOfTheDeadlineAsItsLimit() {
    assertThat(limitsWith(Duration.ofMillis(1_500)).apiCallTimeout())
        .contains(Duration.ofMillis(1_500));
  }

  @Test
  void aCallWithPlentyOfTimeIsStillCapped() {
    assertThat(limitsWith(Duration.ofMinutes(14)).apiCallTimeout())
        .contains(RemoteCalls.CALL_LIMIT);
  }

  @Test
  void aRestOfLessThanAMillisecondIsNotTakenForNoLimit() {
    assertThat(limitsWith(Duration.ofNanos(1)).apiCallTimeout()).contains(Duration.ofMillis(1));
  }

  @Test
  void aSpentDeadlineBeginsNoCall() {
    AtomicBoolean called = new AtomicBoolean();
    Deadline spent = Deadline.after(Duration.ZERO, clock);

    assertThatThrownBy(
            () ->
                RemoteCalls.call(
                    "storage",
                    spent,
                    limits -> {
                      called.set(true);
                      return 1;
                    }))
        .isInstanceOf(Unavailable.class);
    assertThat(called).isFalse();
    assertThat(spent.roundTrips().calls("storage")).isZero();
  }

  @Test
  void faultsOfTheNetworkAndTimeoutsAreUnavailable() {
    assertUnavailable(SdkClientException.create(CANARY));
    assertUnavailable(ApiCallTimeoutException.create(5_000));
    assertUnavailable(ApiCallAttemptTimeoutException.create(2_000));
    assertUnavailable(AbortedException.create(CANARY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "TransactionInProgressException",
        "AccessDeniedException",
        "ExpiredTokenException",
        "UnrecognizedClientException",
        "InvalidSignatureException",
        "RequestTimeTooSkewed"
      })
  void throttlesAndRolesNotAdmittedAreUnavailableThoughTheStatusIs400(String code) {
    assertUnavailable(refusal(400, code));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 429})
  void serverErrorsAreUnavailable(int status) {
    assertUnavailable(refusal(status, "Whatever"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ValidationException", "ResourceNotFoundException", "ConditionalCheckFailed"})
  void aRefusalThatNobodyExplainsIsInternal(String code) {
    Problem problem = problemOf(refusal(400, code));

    assertThat(problem).isInstanceOf(Internal.class);
    assertThat(problem).hasMessage("the storage refused a request of the vault");
  }

  @Test
  void aRefusalThatLostItsCodeOnTheWaySaysNothing() {
    assertThat(problemOf(AwsServiceException.builder().statusCode(400).build()))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void aRefusalThatTheAdapterExplainsIsWhatItSays() {
    assertThatThrownBy(
            () ->
                RemoteCalls.call(
                    "storage",
                    Deadline.after(Duration.ofSeconds(1), clock),
                    refusal -> Optional.of(new Conflict("changed meanwhile")),
                    limits -> {
                      throw refusal(400, "ConditionalCheckFailedException");
                    }))
        .isInstanceOf(Conflict.class);
  }

  @Test
  void aProblemThrownInsideTheCallIsPassedOn() {
    Conflict conflict = new Conflict("changed meanwhile");

    assertThatThrownBy(
            () ->
                RemoteCalls.call(
                    "storage",
                    Deadline.after(Duration.ofSeconds(1), clock),
                    limits -> {
                      throw conflict;
                    }))
        .isSameAs(conflict);
  }

  @Test
  void callsAreCountedAndTimedWhetherTheySucceedOrNot() {
    Deadline deadline = Deadline.after(Duration.ofSeconds(5), clock);
    RemoteCalls.call("storage", deadline, limits -> tick(Duration.ofMillis(12)));
    assertThatThrownBy(
        () ->
            RemoteCalls.call(
                "storage",
                deadline,
                limits -> {
                  tick(Duration.ofMillis(30));
                  throw refusal(503, "ServiceUnavailable");
                }));
    RemoteCalls.call("key service", deadline, limits -> tick(Duration.ofMillis(5)));

    RoundTrips roundTrips = deadline.roundTrips();
    assertThat(roundTrips.calls("storage")).isEqualTo(2);
    assertThat(roundTrips.duration("storage")).isEqualTo(Duration.ofMillis(42));
    assertThat(roundTrips.calls("key service")).isEqualTo(1);
    assertThat(roundTrips.faults()).containsExactly("storage: ServiceUnavailable");
  }

  @Test
  void aClockSetBackDuringACallCountsNoNegativeTime() {
    Deadline deadline = Deadline.after(Duration.ofSeconds(5), clock);
    RemoteCalls.call("storage", deadline, limits -> tick(Duration.ofSeconds(-10)));

    assertThat(deadline.roundTrips().duration("storage")).isEqualTo(Duration.ZERO);
  }

  private boolean tick(Duration duration) {
    clock.advance(duration);
    return true;
  }

  private AwsRequestOverrideConfiguration limitsWith(Duration remaining) {
    return RemoteCalls.call("storage", Deadline.after(remaining, clock), limits -> limits);
  }

  private void assertUnavailable(SdkException fault) {
    Problem problem = problemOf(fault);
    assertThat(problem).isInstanceOf(Unavailable.class);
    assertThat(((Unavailable) problem).retryAfterSeconds()).isEqualTo(1);
  }

  private Problem problemOf(SdkException fault) {
    Deadline deadline = Deadline.after(Duration.ofSeconds(1), clock);
    Problem problem =
        catchThrowableOfType(
            Problem.class,
            () ->
                RemoteCalls.call(
                    "storage",
                    deadline,
                    limits -> {
                      throw fault;
                    }));
    assertThat(problem).hasNoCause().hasMessageNotContaining(CANARY);
    assertThat(problem.getStackTrace()).isEmpty();
    assertThat(deadline.roundTrips().faults()).hasSize(1).noneMatch(each -> each.contains(CANARY));
    return problem;
  }

  private static AwsServiceException refusal(int status, String code) {
    return AwsServiceException.builder()
        .statusCode(status)
        .message(CANARY)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(CANARY).build())
        .build();
  }
}
