package io.agentvault.bench;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.runtime.Invocation;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Select;

/**
 * Revoking vaults of growing size: until the transaction that locks the identity and destroys its
 * key has been answered, until the call has been, and until nothing is left.
 */
final class Revocations {
  private static final String SECTION = "revoke";
  private static final String IDENTITY = "identity";

  private final Settings settings;
  private final Contestants contestants;
  private final Report report;

  Revocations(Settings settings, Contestants contestants, Report report) {
    this.settings = settings;
    this.contestants = contestants;
    this.report = report;
  }

  void run() {
    int[] sizes = settings.quick() ? new int[] {10, 1_000} : new int[] {10, 1_000, 10_000};
    try (LocalCloud cloud = contestants.startTapped()) {
      revoke(cloud, 10); // warms the function up
      for (int size : sizes) {
        report.fact(SECTION, size + " credentials", revoke(cloud, size));
      }
    }
  }

  private static String revoke(LocalCloud cloud, int size) {
    Agent agent = Agent.create(cloud);
    Items.credentials(cloud.dynamo(), cloud.tableName(), agent, size);
    AtomicLong locked = new AtomicLong();
    cloud.tap().clear();
    cloud
        .tap()
        .fault(
            call -> call.operation().equals("TransactWriteItems"),
            Fault.after(call -> locked.set(System.nanoTime())));
    long began = System.nanoTime();
    Invocation invocation =
        cloud.invoke(
            IDENTITY,
            Json.createObjectBuilder()
                .add("action", "identity.revoke")
                .add("tenant", "bench")
                .add("identityId", agent.id())
                .build());
    long answered = System.nanoTime();
    JsonObject receipt = invocation.json();
    while (left(cloud, agent) > 0) {
      Thread.onSpinWait();
    }
    boolean complete = receipt.getBoolean("complete");
    long empty = complete ? answered : System.nanoTime(); // the reaper did the rest
    if (complete && receipt.getInt("credentialsDestroyed", -1) != size) {
      throw new IllegalStateException("the receipt says " + receipt);
    }
    List<Call> calls = cloud.tap().callsOf(IDENTITY);
    return String.format(
        Locale.ROOT,
        "locked %.0f ms, answered %.0f ms, empty %.0f ms; %d transaction, %d queries, %d batches",
        (locked.get() - began) / 1e6,
        (answered - began) / 1e6,
        (empty - began) / 1e6,
        count(calls, "TransactWriteItems"),
        count(calls, "Query"),
        count(calls, "BatchWriteItem"));
  }

  private static int left(LocalCloud cloud, Agent agent) {
    return cloud
        .dynamo()
        .query(
            query ->
                query
                    .tableName(cloud.tableName())
                    .consistentRead(true)
                    .select(Select.COUNT)
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(
                        Map.of(":pk", AttributeValue.fromS(agent.partition()))))
        .count();
  }

  private static long count(List<Call> calls, String operation) {
    return calls.stream().filter(call -> call.operation().equals(operation)).count();
  }
}
