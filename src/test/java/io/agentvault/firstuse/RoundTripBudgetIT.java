package io.agentvault.firstuse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.renewal.TokenServer;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Architecture §6: how many remote calls an operation may make, counted at the wire. */
class RoundTripBudgetIT {
  /** They call when they come to it, whatever is being counted. */
  private static final Set<String> FED_BY_STREAMS = Set.of("reaper", "scribe");

  private static final TokenServer server = TokenServer.start();

  // one instance, so that cold and warm are what they are called
  private static final LocalCloud cloud =
      LocalCloud.options()
          .environment("broker", "VAULT_LOCAL_UPSTREAMS", server.address())
          .maxInstances(1)
          .start();

  @AfterAll
  static void stop() {
    cloud.close();
    server.close();
  }

  private final Client agent = Client.newAgent(cloud);

  @Test
  void getIsOneReadAndItsRecordWhenWarm() {
    agent.put("label", Client.apiKey("value"));

    assertThat(callsOf(() -> agent.get("/v0/vault/label")))
        .isEqualTo("{BatchGetItem=1, PutItem=1}");
    assertThat(recordsOf(cloud)).hasSize(1);
  }

  @Test
  void readsCostNoMoreThanBeforeWhereTheirRecordsAreLines() {
    try (LocalCloud lines =
        LocalCloud.options().parameter("RecordReads", "line").maxInstances(1).start()) {
      Client other = Client.newAgent(lines);
      other.put("label", Client.apiKey("value"));

      assertThat(callsOf(lines, () -> other.get("/v0/vault/label"))).isEqualTo("{BatchGetItem=1}");
      assertThat(callsOf(lines, () -> other.get("/v0/vault"))).isEqualTo("{GetItem=1, Query=2}");
      assertThat(recordsOf(lines)).isEmpty();
      assertThat(callsOf(lines, () -> other.put("label", Client.apiKey("other"))))
          .isEqualTo("{BatchGetItem=1, TransactWriteItems=1}");
      assertThat(recordsOf(lines)).hasSize(1);
    }
  }

  @Test
  void theFirstCallsOfAnInstanceTakeConnectionsThatWereOpenedBeforeItsFirstEvent() {
    try (LocalCloud fresh = LocalCloud.options().maxInstances(1).start()) {
      Client.newAgent(fresh).put("label", Client.apiKey("value"));

      for (String function : List.of("identity", "vault")) {
        assertThat(fresh.tap().callsOf(function))
            .as(function)
            .allMatch(Call::afterPing)
            .extracting(Call::service)
            .contains("dynamodb", "kms");
      }
    }
  }

  @Test
  void theFirstUseOfAnAgentsKeyUnwrapsItOnce() {
    assertThat(callsOf(() -> agent.put("label", Client.apiKey("value"))))
        .isEqualTo("{BatchGetItem=1, Decrypt=1, TransactWriteItems=1}");
  }

  @Test
  void storeIsOneReadAndOneTransactionWhenWarm() {
    agent.put("label", Client.apiKey("value"));

    assertThat(callsOf(() -> agent.put("label", Client.apiKey("other"))))
        .isEqualTo("{BatchGetItem=1, TransactWriteItems=1}");
    assertThat(callsOf(() -> agent.put("new", Client.apiKey("other"))))
        .isEqualTo("{BatchGetItem=1, TransactWriteItems=1}");
  }

  @Test
  void totpIsOneReadAndItsRecord() {
    ObjectNode body = Client.JSON.createObjectNode().put("type", "TOTP");
    body.putObject("data").put("secret", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    agent.put("mail", body);

    assertThat(callsOf(() -> agent.get("/v0/vault/mail/totp")))
        .isEqualTo("{BatchGetItem=1, PutItem=1}");
  }

  @Test
  void deleteIsTwoCallsAndNoKey() {
    agent.put("label", Client.apiKey("value"));

    assertThat(callsOf(() -> agent.delete("/v0/vault/label")))
        .isEqualTo("{BatchGetItem=1, TransactWriteItems=1}");
  }

  @Test
  void listIsTheIdentityAndOneQueryForAPageAndOneForCountsAndTheRecord() {
    for (int i = 0; i < 20; i++) {
      agent.put("label-" + i, Client.apiKey("value"));
    }

    assertThat(callsOf(() -> agent.get("/v0/vault"))).isEqualTo("{GetItem=1, PutItem=1, Query=2}");
  }

  @Test
  void whoamiAndTheNumbersAreOneReadEachAndTheRecordsTwo() {
    assertThat(callsOf(() -> agent.get("/v0/whoami"))).isEqualTo("{BatchGetItem=1}");
    assertThat(callsOf(() -> agent.get("/v0/logs/stats"))).isEqualTo("{BatchGetItem=1}");
    assertThat(callsOf(() -> agent.get("/v0/logs"))).isEqualTo("{GetItem=1, Query=1}");
  }

  @Test
  void aTokenIsMadeWithOneReadAndItsRecordAndCostsWhatAKeyDoes() {
    agent.put("label", Client.apiKey("value"));
    Client[] helper = new Client[1];
    assertThat(
            callsOf(
                () ->
                    helper[0] =
                        Client.of(
                            cloud,
                            agent
                                .send("POST", "/v0/tokens", "{\"labels\":[\"label\"]}")
                                .body()
                                .path("token")
                                .asText())))
        .isEqualTo("{GetItem=1, PutItem=1}");

    assertThat(callsOf(() -> helper[0].get("/v0/vault/label")))
        .isEqualTo("{BatchGetItem=1, PutItem=1}");
    assertThat(callsOf(() -> helper[0].get("/v0/vault")))
        .isEqualTo("{GetItem=1, PutItem=1, Query=2}");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "vault_whoami|{}|GET|/v0/whoami|",
        "vault_list|{}|GET|/v0/vault|",
        "vault_get|{'label':'label'}|GET|/v0/vault/label|",
        "vault_totp|{'label':'mail'}|GET|/v0/vault/mail/totp|",
        "vault_store|{'label':'b','type':'API_KEY','data':{'key':'v'}}|PUT|/v0/vault/b|"
            + "{'type':'API_KEY','data':{'key':'v'}}",
        "vault_delete|{'label':'gone'}|DELETE|/v0/vault/gone|",
        "vault_use_backup_code|{'label':'mail'}|POST|/v0/vault/mail/totp/backup|",
        "vault_logs|{}|GET|/v0/logs|",
        "vault_create_token|{}|POST|/v0/tokens|{}"
      })
  void aToolCostsWhatItsRestCallDoes(
      String tool, String arguments, String method, String path, @Nullable String body) {
    agent.put("label", Client.apiKey("value"));
    agent.put("gone", Client.apiKey("value"));
    ObjectNode codes = Client.JSON.createObjectNode().put("type", "TOTP");
    codes
        .putObject("data")
        .put("secret", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        .putArray("backupCodes")
        .add("one")
        .add("two");
    agent.put("mail", codes);
    callTool("vault_get", "{'label':'label'}"); // the broker's instance unwraps the key once too

    String overMcp = callsOf(() -> callTool(tool, arguments));
    agent.put("gone", Client.apiKey("value"));
    String overRest =
        callsOf(() -> agent.send(method, path, body == null ? "" : body.replace('\'', '"')));
    assertThat(overMcp).isEqualTo(overRest).isNotEqualTo("{}");
  }

  @Test
  void theToolsAreListedAndAnInitializeAnsweredWithOneRead() {
    assertThat(callsOf(() -> post("tools/list", "{}"))).isEqualTo("{BatchGetItem=1}");
    assertThat(callsOf(() -> post("initialize", "{'protocolVersion':'2025-11-25'}")))
        .isEqualTo("{BatchGetItem=1}");
  }

  private void callTool(String tool, String arguments) {
    Client.Response answer =
        post("tools/call", "{'name':'" + tool + "','arguments':" + arguments + "}");
    assertThat(answer.body().at("/result/isError").asBoolean(true))
        .as(answer.body().toString())
        .isFalse();
  }

  private Client.Response post(String method, String params) {
    String message = "{'jsonrpc':'2.0','id':1,'method':'" + method + "','params':" + params + "}";
    return agent.send("POST", "/mcp", message.replace('\'', '"'));
  }

  @Test
  void anAccessTokenThatIsFreshIsOneReadAndItsRecord() {
    agent.put("mail", server.credential(server.consent()));
    int before = server.exchanges().size();

    assertThat(callsOf(() -> agent.get("/v0/vault/mail/token")))
        .as("cold and to be fetched: read, lease, and the token with its record")
        .isEqualTo("{BatchGetItem=1, Decrypt=1, TransactWriteItems=2}");
    assertThat(callsOf(() -> agent.get("/v0/vault/mail/token")))
        .isEqualTo("{BatchGetItem=1, PutItem=1}");
    assertThat(server.exchanges()).hasSize(before + 1);
  }

  @Test
  void aUseWithAFreshTokenCostsWhatOneWithAKeyDoes() {
    agent.put("key", server.usable(Client.apiKey("long-enough"), false));
    agent.put("mail", server.usable(server.credential(server.consent()), false));
    use("key");
    int before = server.exchanges().size();

    String withAKey = callsOf(() -> use("key"));
    assertThat(withAKey).isEqualTo("{BatchGetItem=1, PutItem=2}");
    assertThat(callsOf(() -> use("mail")))
        .as("to be fetched: lease and token more")
        .isEqualTo("{BatchGetItem=1, PutItem=2, TransactWriteItems=2}");
    assertThat(callsOf(() -> use("mail"))).isEqualTo(withAKey);
    assertThat(server.exchanges()).hasSize(before + 1);
  }

  private void use(String label) {
    String url = "http://" + server.address() + "/api";
    Client.Response answer =
        agent.send(
            "POST", "/v0/vault/" + label + "/use", "{\"method\":\"GET\",\"url\":\"" + url + "\"}");
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
  }

  @Test
  void creatingAnIdentityMintsOnceAndWritesOnce() {
    assertThat(
            callsOf(
                () ->
                    Client.operator(cloud, "tests").send("POST", "/v0/platform/identities", "{}")))
        .isEqualTo("{GenerateDataKeyWithoutPlaintext=1, TransactWriteItems=1}");
  }

  @Test
  void aWrongKeyCostsOneReadAndAMalformedOneNothing() {
    String key = agent.bearer();
    String other = Client.newAgent(cloud).bearer();
    agent.put("label", Client.apiKey("value"));

    assertThat(callsOf(() -> Client.of(cloud, key.substring(1)).get("/v0/vault/label")))
        .isEqualTo("{}");
    String id = key.substring("avk_".length(), key.lastIndexOf('_'));
    Client.operator(cloud, "tests")
        .send("POST", "/v0/platform/identities/" + id + "/rotate-key", "{}");
    assertThat(callsOf(() -> Client.of(cloud, key).get("/v0/vault/label")))
        .isEqualTo("{BatchGetItem=1}");
    assertThat(callsOf(() -> Client.of(cloud, other).get("/v0/vault/label")))
        .as("a proven caller's failure is on record")
        .isEqualTo("{BatchGetItem=1, PutItem=1}");
  }

  /** The calls since the last look that wrote into the records' table. */
  private static List<Call> recordsOf(LocalCloud of) {
    return of.tap().calls().stream()
        .filter(call -> !FED_BY_STREAMS.contains(call.function()))
        .filter(call -> call.tables().contains(of.tableName("LogTable")))
        .filter(
            call -> call.operation().equals("PutItem") || call.operation().startsWith("Transact"))
        .toList();
  }

  @Test
  void revokingIsOneTransactionASweepAndASignature() {
    Client operator = Client.operator(cloud, "tests");
    String id =
        operator.send("POST", "/v0/platform/identities", "{}").body().path("identityId").asText();

    assertThat(callsOf(() -> operator.delete("/v0/platform/identities/" + id)))
        .isEqualTo(
            "{BatchWriteItem=1, PutItem=1, Query=2, Sign=1, TransactWriteItems=1, UpdateItem=3}");
    assertThat(callsOf(() -> operator.delete("/v0/platform/identities/" + id)))
        .isEqualTo("{GetItem=1, TransactWriteItems=1}");
  }

  private static String callsOf(Runnable use) {
    return callsOf(cloud, use);
  }

  private static String callsOf(LocalCloud of, Runnable use) {
    of.tap().clear();
    use.run();
    List<Call> calls = of.tap().calls();
    TreeMap<String, Integer> counts = new TreeMap<>();
    calls.stream()
        .filter(call -> !FED_BY_STREAMS.contains(call.function()))
        .forEach(call -> counts.merge(call.operation(), 1, Integer::sum));
    return counts.toString();
  }
}
