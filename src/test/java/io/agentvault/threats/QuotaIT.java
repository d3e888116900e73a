package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.local.runtime.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An agent that stores without end, from many places at once, stops at the vault's quota. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class QuotaIT {
  private static final int QUOTA = 25;
  private static final int STORERS = 8;
  private static final int STORES_EACH = 8;

  private final LocalCloud cloud =
      LocalCloud.options().maxInstances(3).parameter("QuotaCount", Integer.toString(QUOTA)).start();
  private final Gate gate = new Gate(cloud);

  @AfterAll
  void stop() {
    cloud.close();
  }

  @Test
  void storesAtOnceEndAtTheQuotaAndDeletionsAtNothing()
      throws ExecutionException, InterruptedException {
    Agent agent = gate.agent();
    assertThat(gate.store(agent, "0-0", Bench.LOGIN).status()).isEqualTo(200);
    cloud.tap().clear();

    Map<Integer, Integer> stores = atOnce("PUT", agent);
    long transactions =
        cloud.tap().callsOf("vault").stream().filter(Call.operation("TransactWriteItems")).count();
    System.out.printf(
        "quota: %d stores from %d places at once: %s, %d transactions%n",
        STORERS * STORES_EACH, STORERS, stores, transactions);
    // the first of all was stored before, and is replaced
    assertThat(stores).isEqualTo(Map.of(200, QUOTA, 409, STORERS * STORES_EACH - QUOTA));
    assertThat(usage(agent)).containsEntry("credentialCount", AttributeValue.fromN("" + QUOTA));

    assertThat(atOnce("DELETE", agent)).containsEntry(200, QUOTA);
    assertThat(usage(agent))
        .containsEntry("credentialCount", AttributeValue.fromN("0"))
        .containsEntry("sealedBytes", AttributeValue.fromN("0"));
  }

  /** How often which status was answered; 503 asks to come again, and is obeyed. */
  private Map<Integer, Integer> atOnce(String method, Agent agent)
      throws ExecutionException, InterruptedException {
    Map<Integer, Integer> answers = new TreeMap<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(STORERS)) {
      List<Future<List<Integer>>> all = new ArrayList<>();
      for (int storer = 0; storer < STORERS; storer++) {
        String prefix = "/v0/vault/" + storer + "-";
        all.add(threads.submit(() -> statuses(method, prefix, agent)));
      }
      for (Future<List<Integer>> each : all) {
        each.get().forEach(status -> answers.merge(status, 1, Integer::sum));
      }
    }
    return answers;
  }

  private List<Integer> statuses(String method, String prefix, Agent agent) {
    List<Integer> statuses = new ArrayList<>();
    for (int number = 0; number < STORES_EACH; ) {
      String body = method.equals("PUT") ? Bench.LOGIN : "";
      int status = gate.send(method, prefix + number, agent.key(), body).status();
      if (status != 503) {
        statuses.add(status);
        number++;
      }
    }
    return statuses;
  }

  @Test
  void whatExpiredAndWasTakenAwayMakesRoomAndTheErrorHasItsName() {
    Agent agent = gate.agent();
    for (int number = 0; number < QUOTA; number++) {
      assertThat(gate.store(agent, "label-" + number, Bench.LOGIN).status()).isEqualTo(200);
    }
    Reply refused = gate.store(agent, "one-too-many", Bench.LOGIN);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().path("error").asText()).isEqualTo("quota_exceeded");
    assertThat(refused.json().path("message").asText())
        .isEqualTo("the vault may hold at most " + QUOTA + " credentials");
    assertThat(gate.invoke("vault", store(agent, "one-too-many")).outcome())
        .isInstanceOfSatisfying(
            Outcome.Failure.class,
            failure ->
                assertThat(failure.errorType()).isEqualTo("io.agentvault.problem.QuotaExceeded"));
    assertThat(gate.store(agent, "label-3", Bench.OTHER_LOGIN).status()).isEqualTo(200);

    cloud
        .dynamo()
        .deleteItem(
            delete -> delete.tableName(cloud.tableName()).key(key(agent, "CREDENTIAL#label-7")));
    assertThat(gate.store(agent, "one-too-many", Bench.LOGIN).status()).isEqualTo(200);
    assertThat(gate.store(agent, "and-another", Bench.LOGIN).status()).isEqualTo(409);
  }

  private static String store(Agent agent, String label) {
    return "{\"action\":\"vault.store\",\"key\":\""
        + agent.key()
        + "\",\"label\":\""
        + label
        + "\","
        + Bench.LOGIN.substring(1);
  }

  private Map<String, AttributeValue> usage(Agent agent) {
    return cloud
        .dynamo()
        .getItem(get -> get.tableName(cloud.tableName()).key(key(agent, "USAGE")))
        .item();
  }

  private static Map<String, AttributeValue> key(Agent agent, String sortKey) {
    return Map.of(
        "pk", AttributeValue.fromS("AGENT#" + agent.id()), "sk", AttributeValue.fromS(sortKey));
  }
}
