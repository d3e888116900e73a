package io.agentvault.evidence;

import static io.agentvault.evidence.Records.JSON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.firstuse.Client;
import io.agentvault.local.LocalCloud;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many calls of many agents at once: {@code -Dvault.evidence.rounds=36} makes ten thousand of them.
 */
class ManyCallsIT {
  private static final LocalCloud CLOUD = LocalCloud.options().maxInstances(4).start();
  private static final int AGENTS = 16;
  private static final int ROUNDS = Integer.getInteger("vault.evidence.rounds", 4);
  private static final int READS = 5;

  /** The script hashes by a process each, which is slow; {@code 16} checks all. */
  private static final int SHELL_CHECKS = Integer.getInteger("vault.evidence.checks", 2);

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir private Path directory = Path.of("");
  private final Client operator = Client.operator(CLOUD, "tests");

  @AfterAll
  static void end() {
    CLOUD.close();
  }

  /** One agent, and what it was answered: how often which outcome of which operation. */
  private record Busy(String id, Client client, Map<String, Integer> answers) {
    void count(String action, Client.Response response) {
      assertThat(response.status()).isIn(200, 404);
      answers.merge(action + (response.status() == 200 ? " success" : " error"), 1, Integer::sum);
    }
  }

  @Test
  void sixteenAgentsAtOnceLeaveAsManyRecordsAsAnswersInChainsThatHoldAndNeverMeet()
      throws Exception {
    List<Busy> agents = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      JsonNode made = operator.send("POST", "/v0/platform/identities", "{}").body();
      Client client = Client.of(CLOUD, made.path("rawKey").asText());
      agents.add(new Busy(made.path("identityId").asText(), client, new TreeMap<>()));
    }
    CLOUD.tap().clear();
    work(agents);
    assertThat(CLOUD.tap().calls())
        .noneMatch(call -> new String(call.answer(), UTF_8).contains("TransactionConflict"));

    CLOUD.stream().awaitDrained(PATIENCE);
    CLOUD.stream("scribe").awaitDrained(PATIENCE);
    assertThat(CLOUD.stream("scribe").abandoned()).isEmpty();
    for (Busy agent : agents) {
      judge(agent);
    }
    CLOUD.stream("scribe").awaitDrained(PATIENCE); // judging was reading, too
    for (int i = 0; i < AGENTS; i += AGENTS / SHELL_CHECKS) {
      Outside outside = new Outside(CLOUD, operator, agents.get(i).id(), directory);
      List<JsonNode> chain = outside.checkpoints();
      assertThat(outside.verify(chain, outside.stored())).startsWith("0 ");
    }
  }

  private static void work(List<Busy> agents) throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newFixedThreadPool(AGENTS)) {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (Busy each : agents) {
        work.add(
            () -> {
              for (int round = 0; round < ROUNDS; round++) {
                round(each);
              }
              return true;
            });
      }
      for (Future<Boolean> each : threads.invokeAll(work)) {
        assertThat(each.get()).isTrue();
      }
    }
  }

  private static void round(Busy agent) {
    Client client = agent.client();
    agent.count("vault.store", client.put("kept", Client.apiKey("value")));
    agent.count("vault.store", client.put("code", seed()));
    agent.count("vault.store", client.put("gone", Client.apiKey("value")));
    for (int i = 0; i < READS; i++) {
      agent.count("vault.get", client.get("/v0/vault/kept"));
      agent.count("vault.totp", client.get("/v0/vault/code/totp"));
      agent.count("vault.list", client.get("/v0/vault"));
    }
    agent.count("vault.get", client.get("/v0/vault/none"));
    agent.count("vault.delete", client.delete("/v0/vault/gone"));
  }

  private static JsonNode seed() {
    return Client.JSON
        .createObjectNode()
        .put("type", "TOTP")
        .set("data", Client.JSON.createObjectNode().put("secret", "JBSWY3DPEHPK3PXPJBSWY3DP"));
  }

  private void judge(Busy agent) throws IOException, InterruptedException {
    Outside outside = new Outside(CLOUD, operator, agent.id(), directory);
    Map<String, String> stored = outside.stored();
    assertThat(outside.checkpoints().stream().flatMap(each -> each.path("records").valueStream()))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrderElementsOf(stored.keySet());
    Map<String, Integer> records = new TreeMap<>();
    for (String each : stored.values()) {
      JsonNode record = JSON.readTree(each);
      records.merge(
          record.path("action").asText() + " " + record.path("status").asText(), 1, Integer::sum);
    }
    assertThat(records.remove("identity.create success")).isEqualTo(1);
    assertThat(records).isEqualTo(agent.answers());

    JsonNode stats = agent.client().get("/v0/logs/stats").body();
    assertThat(stats.path("total").asInt()).isEqualTo(stored.size());
    assertThat(stats.path("errors").asInt()).isEqualTo(ROUNDS);
    agent
        .client()
        .get("/v0/vault")
        .body()
        .path("credentials")
        .forEach(
            each ->
                assertThat(each.path("usageCount").asInt())
                    .as(each.path("name").asText())
                    .isEqualTo(ROUNDS * READS));
  }
}
