package io.agentvault.identity.table;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/** What DynamoDB and the way to it can do to a call. */
public final class Faults {
  private Faults() {}

  /** No answer in time: whether the call was done, nobody knows. */
  public static RuntimeException timeout() {
    return ApiCallTimeoutException.create(5_000);
  }

  /** DynamoDB is out. */
  public static RuntimeException outage() {
    return DynamoDbException.builder()
        .statusCode(503)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode("ServiceUnavailable").build())
        .build();
  }

  /** The partition takes no more just now. */
  public static RuntimeException throttle() {
    return ProvisionedThroughputExceededException.builder()
        .statusCode(400)
        .awsErrorDetails(
            AwsErrorDetails.builder().errorCode("ProvisionedThroughputExceededException").build())
        .build();
  }

  /** The request itself is refused: a defect. */
  public static RuntimeException refusal() {
    return DynamoDbException.builder()
        .statusCode(400)
        .message("canary in a service message")
        .awsErrorDetails(AwsErrorDetails.builder().errorCode("ValidationException").build())
        .build();
  }

  /** Another transaction held one of the items. */
  public static RuntimeException conflict() {
    return cancelled("None", "TransactionConflict");
  }

  /** A transaction held the item that a single write wanted. */
  public static RuntimeException singleConflict() {
    return TransactionConflictException.builder().statusCode(400).build();
  }

  /** The same transaction is still being decided. */
  public static RuntimeException inProgress() {
    return TransactionInProgressException.builder().statusCode(400).build();
  }

  /** A transaction that was cancelled for these reasons, one for each of its items. */
  public static RuntimeException cancelled(String... codes) {
    return TransactionCanceledException.builder()
        .statusCode(400)
        .cancellationReasons(
            Stream.of(codes).map(code -> CancellationReason.builder().code(code).build()).toList())
        .build();
  }

  static RuntimeException conditionsFailed(boolean[] failed) {
    return cancelled(
        IntStream.range(0, failed.length)
            .mapToObj(i -> failed[i] ? "ConditionalCheckFailed" : "None")
            .toArray(String[]::new));
  }
}
