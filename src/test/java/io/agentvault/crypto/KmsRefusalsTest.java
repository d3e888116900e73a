package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentvault.problem.Internal;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Tampered;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.MutableClock;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kms.model.DependencyTimeoutException;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.InvalidKeyUsageException;
import software.amazon.awssdk.services.kms.model.KeyUnavailableException;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.KmsInternalException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.LimitExceededException;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/** Each refusal of KMS, with the status and code that KMS sends it with. */
class KmsRefusalsTest {
  private static final String CANARY = "canary-in-a-kms-message";
  private static final KeyContext CONTEXT = new KeyContext("acme", "agent-1");

  private final FakeKmsClient kms = new FakeKmsClient();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(3), new MutableClock());

  static Stream<RuntimeException> passingFaults() {
    return Stream.of(
        SdkClientException.create(CANARY),
        ApiCallTimeoutException.create(2_000),
        sent(KmsException.builder(), 400, "ThrottlingException"),
        sent(KmsException.builder(), 400, "AccessDeniedException"),
        sent(KmsException.builder(), 503, "ServiceUnavailable"),
        sent(LimitExceededException.builder(), 400, "LimitExceededException"),
        sent(KeyUnavailableException.builder(), 500, "KeyUnavailableException"),
        sent(KmsInternalException.builder(), 500, "KMSInternalException"),
        sent(DependencyTimeoutException.builder(), 503, "DependencyTimeoutException"));
  }

  static Stream<RuntimeException> keyOutOfUse() {
    return Stream.of(
        sent(DisabledException.builder(), 400, "DisabledException"),
        sent(KmsInvalidStateException.builder(), 400, "KMSInvalidStateException"),
        sent(NotFoundException.builder(), 400, "NotFoundException"));
  }

  static Stream<RuntimeException> wrongCiphertext() {
    return Stream.of(
        sent(InvalidCiphertextException.builder(), 400, "InvalidCiphertextException"),
        sent(IncorrectKeyException.builder(), 400, "IncorrectKeyException"));
  }

  static Stream<RuntimeException> defects() {
    return Stream.of(
        sent(InvalidKeyUsageException.builder(), 400, "InvalidKeyUsageException"),
        sent(KmsException.builder(), 400, "ValidationException"));
  }

  @ParameterizedTest
  @MethodSource("passingFaults")
  void passingFaultsAreUnavailableForASecond(RuntimeException fault) {
    assertUnavailable(unwrapWith(fault), 1);
    assertUnavailable(mintWith(fault), 1);
  }

  @ParameterizedTest
  @MethodSource("keyOutOfUse")
  void aKeyOutOfUseIsUnavailableForLonger(RuntimeException fault) {
    assertUnavailable(unwrapWith(fault), 30);
    assertUnavailable(mintWith(fault), 30);
  }

  @ParameterizedTest
  @MethodSource("wrongCiphertext")
  void aCiphertextOfAnotherContextOrKeyIsTampered(RuntimeException fault) {
    assertThat(unwrapWith(fault)).isInstanceOf(Tampered.class);
  }

  @ParameterizedTest
  @MethodSource("defects")
  void aRequestThatKmsCantReadIsInternal(RuntimeException fault) {
    assertThat(unwrapWith(fault)).isInstanceOf(Internal.class);
    assertThat(mintWith(fault)).isInstanceOf(Internal.class);
  }

  private Problem unwrapWith(RuntimeException fault) {
    kms.fault = fault;
    DataKeyUnwrapper unwrapper = DataKeyUnwrapper.kms(kms, FakeKmsClient.KEY_ARN);
    return withoutDetails(
        catchThrowableOfType(
            Problem.class, () -> unwrapper.unwrap(CONTEXT, new byte[] {1}, deadline)));
  }

  private Problem mintWith(RuntimeException fault) {
    kms.fault = fault;
    DataKeyMinter minter = DataKeyMinter.kms(kms, FakeKmsClient.KEY_ARN);
    return withoutDetails(
        catchThrowableOfType(Problem.class, () -> minter.mint(CONTEXT, deadline)));
  }

  private Problem withoutDetails(Problem problem) {
    assertThat(problem)
        .hasNoCause()
        .hasMessageNotContaining(CANARY)
        .hasMessageNotContaining("acme")
        .hasMessageNotContaining("agent-1")
        .hasMessageNotContaining("arn:");
    assertThat(deadline.roundTrips().faults()).noneMatch(each -> each.contains(CANARY));
    return problem;
  }

  private static void assertUnavailable(Problem problem, int seconds) {
    assertThat(problem)
        .isInstanceOfSatisfying(
            Unavailable.class, it -> assertThat(it.retryAfterSeconds()).isEqualTo(seconds))
        .hasMessage("the key service is not available");
  }

  private static AwsServiceException sent(
      AwsServiceException.Builder builder, int status, String code) {
    return builder
        .statusCode(status)
        .message(CANARY)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(CANARY).build())
        .build();
  }
}
