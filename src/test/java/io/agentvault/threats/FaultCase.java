package io.agentvault.threats;

import io.agentvault.local.faults.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A way for a remote call to go wrong, and the documented answer to it.
 *
 * @param column its heading in the matrix
 * @param strikes which calls can go wrong so, by "function/service.Operation"
 * @param once the answer when it happens once
 * @param always the answer when it goes on
 * @param bound how often the call may be tried while it goes on
 */
record FaultCase(
    String column, Predicate<String> strikes, Fault fault, End once, End always, Bound bound) {
  /** How an operation ends. */
  enum End {
    /** As if nothing had happened: it was tried again. */
    HEALED,
    /** 503 with Retry-After. */
    UNAVAILABLE,
    /** 500: somebody is to look. */
    INTERNAL
  }

  /** How many tries are allowed. */
  enum Bound {
    /** The SDK's three attempts. */
    ATTEMPTS,
    /** Backed off from 10 to 250 ms until the invocation's deadline. */
    DEADLINE
  }

  private static final Set<String> THROTTLES =
      Set.of("throttled", "ThrottlingException", "RequestLimitExceeded");

  static final Duration SLOW = Duration.ofMillis(1_500);

  boolean isHang() {
    return fault instanceof Fault.Hang;
  }

  boolean isSlow() {
    return fault instanceof Fault.Delay;
  }

  /** Turned away for its pace, and nothing done. */
  boolean isThrottle() {
    return THROTTLES.contains(column);
  }

  private static FaultCase outage(String column, String service, Fault fault) {
    return of(column, service, fault, End.HEALED, End.UNAVAILABLE);
  }

  /** What a second attempt can't mend, and another caller may. */
  private static FaultCase refusal(String column, String service, Fault fault) {
    return of(column, service, fault, End.UNAVAILABLE, End.UNAVAILABLE);
  }

  private static FaultCase defect(String column, String service, Fault fault) {
    return of(column, service, fault, End.INTERNAL, End.INTERNAL);
  }

  private static FaultCase of(String column, String service, Fault fault, End once, End always) {
    return new FaultCase(
        column, call -> call.contains("/" + service), fault, once, always, Bound.ATTEMPTS);
  }

  /** What is tried again until the deadline, because nothing happened and it will be decided. */
  private static FaultCase contention(String column, String operation, Fault fault) {
    return new FaultCase(
        column,
        call -> call.endsWith("/dynamodb." + operation),
        fault,
        End.HEALED,
        End.UNAVAILABLE,
        Bound.DEADLINE);
  }

  static List<FaultCase> network() {
    return List.of(
        outage("reset before", "", Fault.resetBefore()),
        outage("lost answer", "", Fault.resetAfter()),
        outage("half answer", "", Fault.halfAnswer()),
        outage("502", "", Fault.httpError(502)),
        outage("503", "", Fault.httpError(503)),
        outage("hang", "", Fault.hang()));
  }

  static List<FaultCase> storage() {
    return List.of(
        outage("InternalServerError", "dynamodb", Fault.dynamoError("InternalServerError")),
        outage(
            "throttled", "dynamodb", Fault.dynamoError("ProvisionedThroughputExceededException")),
        outage("ThrottlingException", "dynamodb", Fault.dynamoError("ThrottlingException")),
        outage("RequestLimitExceeded", "dynamodb", Fault.dynamoError("RequestLimitExceeded")),
        refusal("denied", "dynamodb", Fault.dynamoError("AccessDeniedException")),
        refusal("credentials expired", "dynamodb", Fault.dynamoError("ExpiredTokenException")),
        refusal("clock skew", "dynamodb", Fault.dynamoError("InvalidSignatureException")),
        defect("no table", "dynamodb", Fault.dynamoError("ResourceNotFoundException")));
  }

  static List<FaultCase> contention() {
    return List.of(
        contention(
            "TransactionConflict",
            "TransactWriteItems",
            Fault.transactionCanceled("None", "TransactionConflict")),
        contention(
            "item throttled",
            "TransactWriteItems",
            Fault.transactionCanceled("ThrottlingError", "None")),
        contention(
            "TransactionInProgress",
            "TransactWriteItems",
            Fault.dynamoError("TransactionInProgressException")),
        contention(
            "TransactionConflict", "UpdateItem", Fault.dynamoError("TransactionConflictException")),
        contention(
            "TransactionConflict", "PutItem", Fault.dynamoError("TransactionConflictException")),
        new FaultCase(
            "overtaken",
            call -> call.equals("vault/dynamodb.TransactWriteItems"),
            Fault.transactionCanceled("None", "ConditionalCheckFailed"),
            End.HEALED,
            End.UNAVAILABLE,
            Bound.DEADLINE),
        contention("unprocessed, all", "BatchGetItem", Fault.unprocessed(0)),
        new FaultCase(
            "unprocessed, half",
            call -> call.endsWith("/dynamodb.BatchGetItem"),
            Fault.unprocessed(1),
            End.HEALED,
            End.HEALED,
            Bound.ATTEMPTS),
        contention("unprocessed, all", "BatchWriteItem", Fault.unprocessed(0)));
  }

  static List<FaultCase> keyService(String keyArn) {
    return List.of(
        outage("KMSInternal", "kms", Fault.kmsError("KMSInternalException")),
        outage("throttled", "kms", Fault.kmsError("ThrottlingException")),
        refusal("disabled", "kms", Fault.kmsError("DisabledException")),
        refusal("pending deletion", "kms", Fault.kmsError("KMSInvalidStateException")),
        refusal("no key", "kms", Fault.kmsError("NotFoundException")),
        refusal("denied", "kms", Fault.kmsError("AccessDeniedException")),
        refusal("credentials expired", "kms", Fault.kmsError("ExpiredTokenException")),
        wrongKey("another key's answer", otherKey(keyArn), 32),
        wrongKey("short key", keyArn, 16));
  }

  private static String otherKey(String keyArn) {
    return keyArn.substring(0, keyArn.lastIndexOf('/') + 1)
        + "00000000-0000-4000-8000-000000000000";
  }

  /** KMS answers as if all were well, with what is not our key's. */
  private static FaultCase wrongKey(String column, String arn, int bytes) {
    String body =
        "{\"KeyId\":\"%s\",\"Plaintext\":\"%s\",\"EncryptionAlgorithm\":\"SYMMETRIC_DEFAULT\"}"
            .formatted(arn, java.util.Base64.getEncoder().encodeToString(new byte[bytes]));
    return new FaultCase(
        column,
        call -> call.endsWith("/kms.Decrypt"),
        new Fault.Answer(200, body),
        End.INTERNAL,
        End.INTERNAL,
        Bound.ATTEMPTS);
  }

  /** Every call of the operation takes its time: some end before the deadline, others can't. */
  static FaultCase slow() {
    return new FaultCase(
        "all slow", call -> true, Fault.delay(SLOW), End.HEALED, End.UNAVAILABLE, Bound.ATTEMPTS);
  }
}
