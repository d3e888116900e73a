package io.agentvault.soak;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** What goes wrong between the functions and AWS during the run: each fault now and then. */
final class Weather {
  private static final double CHANCE = 0.004;
  private static final Duration DELAY = Duration.ofMillis(300);

  private final LocalCloud cloud;
  private final List<FaultRule> rules = new ArrayList<>();
  private final Set<String> tokens = ConcurrentHashMap.newKeySet();

  Weather(LocalCloud cloud) {
    this.cloud = cloud;
  }

  void begin() {
    Predicate<Call> any = call -> !call.function().isEmpty();
    Predicate<Call> storage = any.and(call -> call.service().equals("dynamodb"));
    Predicate<Call> keys = any.and(call -> call.service().equals("kms"));
    add(any, Fault.resetBefore());
    add(any, Fault.resetAfter());
    add(any, Fault.halfAnswer());
    add(any, Fault.httpError(503));
    add(any, Fault.delay(DELAY));
    add(storage, Fault.dynamoError("InternalServerError"));
    add(storage, Fault.dynamoError("ProvisionedThroughputExceededException"));
    add(keys, Fault.kmsError("ThrottlingException"));
    add(keys, Fault.kmsError("DisabledException"));
    add(this::isFirstOfItsToken, Fault.transactionCanceled("None", "TransactionConflict"));
    add(Call.operation("UpdateItem"), Fault.dynamoError("TransactionConflictException"));
    add(Call.operation("BatchGetItem"), Fault.unprocessed(1));
    add(Call.operation("BatchWriteItem"), Fault.unprocessed(1));
  }

  /**
   * Not a repetition, which may be of a transaction that was done and whose answer was lost: such
   * calls are documented to be idempotent, so none is told that it lost against another.
   */
  private boolean isFirstOfItsToken(Call call) {
    return call.operation().equals("TransactWriteItems")
        && tokens.add(call.request().getString("ClientRequestToken"));
  }

  private void add(Predicate<Call> when, Fault fault) {
    IntPredicate byChance = number -> ThreadLocalRandom.current().nextDouble() < CHANCE;
    rules.add(cloud.tap().fault(when, fault, byChance));
  }

  /** How many calls were struck. */
  int struck() {
    return rules.stream().mapToInt(FaultRule::struck).sum();
  }

  void end() {
    rules.forEach(cloud.tap()::remove);
  }
}
