package io.agentvault.revocation;

import static io.agentvault.revocation.Scene.BATCH;
import static io.agentvault.revocation.Scene.QUERY;
import static io.agentvault.revocation.Scene.TRANSACTION;
import static io.agentvault.revocation.Scene.UPDATE;
import static io.agentvault.revocation.Scene.assertComplete;
import static io.agentvault.revocation.Scene.assertIncomplete;
import static io.agentvault.revocation.Scene.of;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import io.agentvault.local.faults.FaultRule.Times;
import io.agentvault.revocation.Scene.Victim;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What DynamoDB refuses, puts off, or does only in part while a vault is being revoked. */
final class RevokeFaultsIT {
  private static final List<String> TRANSIENT =
      List.of(
          "ThrottlingException",
          "ProvisionedThroughputExceededException",
          "RequestLimitExceeded",
          "InternalServerError");

  private final Scene scene = Scene.shared();
  private final Victim victim = scene.begin();

  @AfterEach
  void end() {
    scene.end();
  }

  static Stream<Arguments> passingFaults() {
    Stream<Arguments> everywhere =
        Stream.of(TRANSACTION, QUERY, UPDATE, BATCH)
            .flatMap(
                operation ->
                    TRANSIENT.stream()
                        .map(code -> Arguments.of(operation, code, Fault.dynamoError(code))));
    Stream<Arguments> special =
        Stream.of(
            Arguments.of(TRANSACTION, "conflict", conflict("TransactionConflict", "None")),
            Arguments.of(TRANSACTION, "conflict", conflict("None", "TransactionConflict")),
            Arguments.of(TRANSACTION, "throttled", conflict("ThrottlingError", "None")),
            Arguments.of(
                TRANSACTION, "in progress", Fault.dynamoError("TransactionInProgressException")),
            Arguments.of(QUERY, "bare 503", Fault.httpError(503)),
            Arguments.of(BATCH, "nothing done", Fault.unprocessed(0)),
            Arguments.of(BATCH, "one done", Fault.unprocessed(1)),
            Arguments.of(BATCH, "all but one done", Fault.unprocessed(24)));
    return Stream.concat(everywhere, special);
  }

  private static Fault conflict(String... reasons) {
    return Fault.transactionCanceled(reasons);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("passingFaults")
  void aFaultThatPassesIsWaitedOutByTheSameCall(String operation, String name, Fault fault)
      throws InterruptedException {
    FaultRule rule =
        scene
            .cloud
            .tap()
            .fault(of("identity").and(Call.operation(operation)), fault, number -> number <= 2);
    assertComplete(scene.revoke(victim));
    assertThat(rule.struck()).as(name).isEqualTo(2);
    scene.assertLocked(victim);
    scene.drain();
    scene.assertFinished(victim);
  }

  @Test
  void aVaultWhoseWritesAreAlwaysInTheWayIsNotHalfRevoked() throws InterruptedException {
    scene
        .cloud
        .tap()
        .fault(
            of("identity").and(Call.operation(TRANSACTION)),
            conflict("TransactionConflict", "None"),
            Times.ALWAYS);
    World.assertRefused(scene.revoke(victim), 503, "unavailable");
    scene.assertUntouched(victim);
    scene.cloud.tap().clearFaults();
    assertComplete(scene.revoke(victim));
    scene.assertLocked(victim);
    scene.drain();
    scene.assertFinished(victim);
  }

  static Stream<Arguments> lastingFaults() {
    return Stream.of(
        Arguments.of(QUERY, Fault.dynamoError("ThrottlingException")),
        Arguments.of(QUERY, Fault.dynamoError("ValidationException")),
        Arguments.of(BATCH, Fault.dynamoError("ResourceNotFoundException")),
        Arguments.of(UPDATE, Fault.dynamoError("ProvisionedThroughputExceededException")),
        Arguments.of(BATCH, Fault.dynamoError("InternalServerError")),
        Arguments.of(BATCH, Fault.unprocessed(0)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lastingFaults")
  void aFaultThatLastsIsLeftToTheReaper(String operation, Fault fault) throws InterruptedException {
    scene.cloud.tap().fault(of("identity").and(Call.operation(operation)), fault, Times.ALWAYS);
    assertIncomplete(scene.revoke(victim));
    scene.assertLocked(victim);
    scene.cloud.tap().clearFaults();
    scene.drain();
    scene.assertFinished(victim);
  }

  static Stream<Arguments> faultsOfTheReaper() {
    return Stream.of(
        Arguments.of("GetItem", Fault.dynamoError("ThrottlingException")),
        Arguments.of(QUERY, Fault.dynamoError("InternalServerError")),
        Arguments.of(UPDATE, Fault.dynamoError("ProvisionedThroughputExceededException")),
        Arguments.of(BATCH, Fault.dynamoError("ThrottlingException")),
        Arguments.of(BATCH, Fault.unprocessed(3)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faultsOfTheReaper")
  void theReaperIsCalledAgainUntilItIsDone(String operation, Fault fault)
      throws InterruptedException {
    scene.revokeWithoutSweep(victim);
    FaultRule rule =
        scene
            .cloud
            .tap()
            .fault(of("reaper").and(Call.operation(operation)), fault, number -> number <= 8);
    scene.drain();
    assertThat(rule.struck()).isEqualTo(8);
    scene.assertFinished(victim);
  }
}
