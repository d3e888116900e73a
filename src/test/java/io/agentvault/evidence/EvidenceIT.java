package io.agentvault.evidence;

import static io.agentvault.evidence.Records.JSON;
import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;
import static java.time.temporal.ChronoUnit.MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.firstuse.Client;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * From calls to what proves them: the packaged functions write records, the stream brings them to
 * the scribe, and whoever stands outside checks what the API answers.
 */
class EvidenceIT {
  private static final LocalCloud CLOUD = LocalCloud.options().start();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory = Path.of("");
  private final Client operator = Client.operator(CLOUD, "tests");
  private String id = "";
  private Client agent = operator;

  @AfterAll
  static void end() {
    CLOUD.close();
  }

  @BeforeEach
  void anAgentOfSomeCalls() throws InterruptedException {
    JsonNode created = operator.send("POST", "/v0/platform/identities", "{}").body();
    id = created.path("identityId").asText();
    agent = Client.of(CLOUD, created.path("rawKey").asText());
    for (int i = 0; i < 3; i++) {
      agent.put("label-" + i, Client.apiKey("value"));
      agent.get("/v0/vault/label-" + i);
      plant(Records.entry(id, Instant.now().truncatedTo(MILLIS), i, "label-" + i));
    }
    drain();
  }

  /** A record as the functions write it. */
  private static void plant(Entry entry) {
    plant(entry.agent(), entry.key(), Records.text(entry), Records.keptUntil(entry));
  }

  private static void plant(String agent, String key, String record, long keptUntil) {
    CLOUD
        .dynamo()
        .putItem(
            put ->
                put.tableName(logTable())
                    .item(
                        Map.of(
                            "pk", text("LOG#" + agent),
                            "sk", text(key),
                            "record", text(record),
                            "ttl", number(keptUntil))));
  }

  @Test
  void whatTheFunctionsRecordedIsInCheckpointsThatHoldOutside() throws Exception {
    agent.get("/v0/vault/label-0");
    plant(Records.entry(id, Instant.now().truncatedTo(MILLIS), 9, "label-0"));
    drain();

    List<JsonNode> chain = checkpoints();
    assertThat(chain).hasSizeGreaterThan(1);
    assertThat(covered(chain)).containsExactlyInAnyOrderElementsOf(stored().keySet());
    assertThat(stored()).hasSizeGreaterThanOrEqualTo(4);
    assertThat(verify(chain, stored())).startsWith("0 ");
  }

  @Test
  void anotherTenantSeesNoCheckpoints() {
    Client other = Client.operator(CLOUD, "others");
    assertThat(other.get("/v0/platform/identities/" + id + "/checkpoints").status()).isEqualTo(404);
    assertThat(agent.get("/v0/platform/identities/" + id + "/checkpoints").status()).isEqualTo(401);
  }

  @Test
  void whatSomebodyChangesAndTakesAwayIsSaidByTheNextCheckpointAndFoundOutside() throws Exception {
    List<String> keys = new ArrayList<>(stored().keySet());
    CLOUD
        .dynamo()
        .updateItem(
            update ->
                update
                    .tableName(logTable())
                    .key(key("LOG#", keys.getFirst()))
                    .updateExpression("SET #r = :r")
                    .expressionAttributeNames(Map.of("#r", "record"))
                    .expressionAttributeValues(Map.of(":r", text("{}"))));
    CLOUD
        .dynamo()
        .deleteItem(delete -> delete.tableName(logTable()).key(key("LOG#", keys.getLast())));
    drain();

    List<JsonNode> chain = checkpoints();
    assertThat(verify(chain, stored()))
        .startsWith("1 ")
        .contains("says changed: " + keys.getFirst())
        .contains("says removed: " + keys.getLast())
        .contains("record " + keys.getLast() + " is missing")
        .contains("are not those that it covers");
    assertThat(logs("scribe")).contains("\"tampering\":2").contains("\"what\":\"changed\"");
  }

  @Test
  void takingTheLastCheckpointAwayIsSaidByTheNext() throws Exception {
    List<JsonNode> chain = checkpoints();
    String last = CheckpointItem.sortKey(chain.size());
    CLOUD.dynamo().deleteItem(delete -> delete.tableName(logTable()).key(key("PROOF#", last)));
    drain();

    assertThat(verify(checkpoints(), stored()))
        .startsWith("1 ")
        .contains("says removed: checkpoint " + last)
        .contains("is covered by no checkpoint");
  }

  @Test
  void aRecordThatExpiresInItsTimeIsNoFinding() throws Exception {
    Map<String, String> before = stored();
    String key = Instant.now().toString() + "#expired#1";
    long past = Instant.now().getEpochSecond() - 3600;
    String record =
        "{\"agent\":\"%s\",\"id\":\"%s\",\"at\":\"%s\",\"status\":\"success\",\"keptUntil\":%d}"
            .formatted(id, key, Instant.now(), past);
    plant(id, key, record, past);
    drain();
    int checkpoints = checkpoints().size(); // the last says short-lived
    CLOUD.dynamo().deleteItem(delete -> delete.tableName(logTable()).key(key("LOG#", key)));
    drain();

    assertThat(checkpoints()).hasSize(checkpoints);
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void aReceiptIsVerifiedWithThePublishedKeysAndNothingOfItCanBeChanged() throws Exception {
    JsonNode receipt = operator.delete("/v0/platform/identities/" + id).body();
    drain();

    JsonNode said = verifiedByAnotherLibrary(receipt.path("signed").asText());
    assertThat(said.path("identityId").asText()).isEqualTo(id);
    assertThat(said.path("credentialsDestroyed").asInt()).isEqualTo(3);
    assertThat(said.path("log").path("records").asInt()).isPositive();
    assertThat(operator.delete("/v0/platform/identities/" + id).body()).isEqualTo(receipt);

    List<JsonNode> chain = checkpoints(); // of an identity that is gone
    assertThat(verify(receipt, chain)).startsWith("0 ");
    for (String field : List.of("revokedAt", "credentialsDestroyed", "recoverableUntil")) {
      ObjectNode changed = receipt.deepCopy();
      changed.put(field, 4711);
      assertThat(verify(changed, chain)).as(field).startsWith("1 ").contains(field);
    }
    int named = said.path("log").path("checkpoint").asInt();
    assertThat(verify(receipt, chain.subList(0, named - 1)))
        .startsWith("1 ")
        .contains("the checkpoint that the receipt names");
  }

  @Test
  void whileTheSigningKeyCantBeUsedARevocationIsAnsweredWithoutASignatureThatFollows() {
    FaultRule disabled =
        CLOUD
            .tap()
            .fault(
                Call.by("identity").and(Call.operation("Sign")),
                Fault.kmsError("DisabledException"),
                FaultRule.Times.ALWAYS);
    Client.Response answer = operator.delete("/v0/platform/identities/" + id);
    CLOUD.tap().remove(disabled);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("keyDestroyed").asBoolean()).isTrue();
    assertThat(answer.body().path("complete").asBoolean()).isTrue();
    assertThat(answer.body().path("signed").isNull()).isTrue();
    JsonNode later = operator.delete("/v0/platform/identities/" + id).body();
    assertThat(later.path("signed").isTextual()).isTrue();
    assertThat(((ObjectNode) later.deepCopy()).without("signed").toString())
        .isEqualTo(((ObjectNode) answer.body().deepCopy()).without("signed").toString());
  }

  @Test
  void whileTheScribeCantSignRecordsWaitAndNothingIsLost() throws Exception {
    int before = checkpoints().size();
    FaultRule disabled =
        CLOUD
            .tap()
            .fault(
                Call.by("scribe").and(Call.operation("Sign")),
                Fault.kmsError("DisabledException"),
                number -> number <= 2);
    agent.get("/v0/vault/label-1");
    plant(Records.entry(id, Instant.now().truncatedTo(MILLIS), 9, "label-1"));
    drain();

    assertThat(disabled.struck()).isEqualTo(2);
    assertThat(checkpoints()).hasSize(before + 1);
    assertThat(verify(checkpoints(), stored())).startsWith("0 ");
    assertThat(CLOUD.stream("scribe").abandoned()).isEmpty();
  }

  @Test
  void deliveredAgainInAnyOrderNothingIsAddedTwice() throws Exception {
    List<JsonNode> before = checkpoints();
    List<jakarta.json.JsonObject> history = CLOUD.stream("scribe").history();
    CLOUD.stream("scribe").pause();
    CLOUD.stream("scribe").deliver(history);
    CLOUD.stream("scribe").deliver(history.reversed());
    CLOUD.stream("scribe").resume();

    assertThat(checkpoints()).isEqualTo(before);
    assertThat(verify(before, stored())).startsWith("0 ");
  }

  private static void drain() throws InterruptedException {
    CLOUD.stream().awaitDrained(PATIENCE);
    CLOUD.stream("scribe").awaitDrained(PATIENCE);
  }

  private static String logTable() {
    return CLOUD.tableName("LogTable");
  }

  private Map<String, AttributeValue> key(String partition, String key) {
    return Map.of("pk", text(partition + id), "sk", text(key));
  }

  private Map<String, String> stored() {
    return outside().stored();
  }

  private List<JsonNode> checkpoints() {
    return outside().checkpoints();
  }

  private Outside outside() {
    return new Outside(CLOUD, operator, id, directory);
  }

  private static List<String> covered(List<JsonNode> chain) {
    List<String> keys = new ArrayList<>();
    chain.forEach(each -> each.path("records").forEach(key -> keys.add(key.asText())));
    return keys;
  }

  private static String logs(String function) throws IOException {
    StringBuilder all = new StringBuilder();
    try (var files = Files.list(CLOUD.logs())) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith(function + "-")) {
          all.append(Files.readString(file));
        }
      }
    }
    return all.toString();
  }

  private static JsonNode verifiedByAnotherLibrary(String jws) throws JoseException, IOException {
    String jwks = Client.of(CLOUD, "").get("/.well-known/jwks.json").body().toString();
    JsonWebSignature read = new JsonWebSignature();
    read.setCompactSerialization(jws);
    read.setKey(
        new JsonWebKeySet(jwks)
            .findJsonWebKey(read.getKeyIdHeaderValue(), null, null, null)
            .getKey());
    assertThat(read.verifySignature()).isTrue();
    assertThat(read.getHeader("typ")).isEqualTo("agent-vault-receipt+jws");
    return JSON.readTree(read.getPayload());
  }

  private String verify(List<JsonNode> chain, Map<String, String> records)
      throws IOException, InterruptedException {
    return outside().verify(chain, records);
  }

  private String verify(JsonNode receipt, List<JsonNode> chain)
      throws IOException, InterruptedException {
    return outside().verify(receipt, chain);
  }
}
