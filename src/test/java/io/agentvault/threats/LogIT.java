package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One line of JSON for each request, which CloudWatch reads metrics from, and nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LogIT {
  private static final String LABEL = "label-to-look-for";
  private static final Set<String> OF_EVERY_LINE =
      Set.of(
          "stage",
          "function",
          "requestId",
          "coldStart",
          "operation",
          "outcome",
          "durationMs",
          "storageCalls",
          "storageMs",
          "keyServiceCalls",
          "keyServiceMs",
          "_aws");

  // Quarkus' own variable opens no other log, which would show what goes over the wire
  private final LocalCloud cloud =
      LocalCloud.options()
          .environment("vault", "QUARKUS_LOG_LEVEL", "TRACE")
          .maxInstances(1)
          .start();
  private final Gate gate = new Gate(cloud);
  private final Agent agent = gate.agent();
  private final String operator = gate.operator(agent.tenant());
  private final List<String> gatewayIds = new ArrayList<>();
  private int requests = 1; // the agent's creation
  private int removals;
  private List<String> raw = List.of();
  private List<JsonNode> lines = List.of();

  @BeforeAll
  void makeEveryKindOfRequest() throws InterruptedException {
    String path = "/v0/vault/" + LABEL;
    http("PUT", path, agent.key(), Bench.TOTP, 200);
    http("GET", "/v0/whoami", agent.key(), "", 200);
    http("GET", "/v0/vault", agent.key(), "", 200);
    http("GET", path, agent.key(), "", 200);
    http("GET", path + "/totp", agent.key(), "", 200);
    http("POST", path + "/totp/backup", agent.key(), "", 200);
    http("PUT", path, agent.key(), "{", 400);
    http("GET", path, "no-key", "", 401);
    http("GET", "/v0/vault/none", agent.key(), "", 404);
    String identity = "/v0/platform/identities/" + agent.id();
    http("GET", identity, operator, "", 200);
    http("GET", "/v0/platform/identities", operator, "", 200);
    http("PATCH", identity, operator, "{\"name\":\"new\"}", 200);
    http("GET", identity, "no-token", "", 401);
    direct("vault", "{\"action\":\"vault.get\",\"key\":\"x\"}", 401);
    direct("vault", "{", 400);
    direct(
        "vault",
        "{\"action\":\"vault.get\",\"key\":\"" + agent.key() + "\",\"label\":\"none\"}",
        404);
    outage(path);
    defect();
    http("DELETE", path, agent.key(), "", 200);
    http("DELETE", identity, operator, "", 200);
    removals++;
    cloud.stream().awaitDrained(Duration.ofSeconds(60));
    read();
  }

  private void http(String method, String path, String bearer, String body, int status) {
    Reply reply = gate.send(method, path, bearer, body);
    assertThat(reply.status()).as(method + " " + path).isEqualTo(status);
    if (!reply.succeeded()) {
      gatewayIds.add(reply.json().path("requestId").asText());
    }
    requests++;
  }

  private void direct(String function, String event, int status) {
    assertThat(gate.direct(function, event).status()).isEqualTo(status);
    requests++;
  }

  private void outage(String path) {
    FaultRule rule =
        cloud
            .tap()
            .fault(
                Call.by("vault"), Fault.dynamoError("ThrottlingException"), FaultRule.Times.ALWAYS);
    http("GET", path, agent.key(), "", 503);
    cloud.tap().remove(rule);
  }

  /** A request that runs into what the vault never writes. */
  private void defect() {
    Rows rows = new Rows(gate);
    var item = rows.read(Rows.credential(agent, LABEL));
    rows.write(
        Rows.with(
            item,
            "rotatedAt",
            software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS("not a time")));
    http("GET", "/v0/vault/" + LABEL, agent.key(), "", 500);
    rows.write(item);
  }

  private void read() {
    raw = new ArrayList<>();
    try (Stream<Path> files = Files.list(cloud.logs())) {
      for (Path file : files.filter(LogIT::isFunctions).toList()) {
        raw.addAll(Files.readAllLines(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lines =
        raw.stream()
            .filter(line -> line.startsWith("{"))
            .map(line -> Reply.bare(0, line).json())
            .toList();
  }

  /** Not the database's, and not that of the instance that the first cloud of all trains. */
  private static boolean isFunctions(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith("dynamodb") && !name.startsWith("training");
  }

  @AfterAll
  void stop() {
    cloud.close();
  }

  private List<JsonNode> of(String... functions) {
    return lines.stream()
        .filter(line -> Set.of(functions).contains(line.path("function").asText()))
        .toList();
  }

  @Test
  void thereIsExactlyOneLineForEachRequest() {
    assertThat(of("vault", "identity")).hasSize(requests);
    Set<String> ids = new HashSet<>();
    assertThat(of("vault", "identity")).allMatch(line -> ids.add(line.path("requestId").asText()));
    assertThat(of("reaper")).hasSize(removals);
  }

  /**
   * On the JVM, AWS's runtime client prints type and message of each function error; the deployed
   * native binary has no such client.
   */
  private static final Pattern OF_THE_RUNTIME_CLIENT =
      Pattern.compile("|io\\.agentvault\\.problem\\.\\w+: .*|.*: io\\.agentvault\\.problem\\.\\w+");

  @Test
  void thereIsNothingElse() {
    assertThat(raw.stream().filter(line -> !line.startsWith("{")).toList())
        .allMatch(line -> OF_THE_RUNTIME_CLIENT.matcher(line).matches());
  }

  @Test
  void everyLineHasTheFieldsOfTheContract() {
    for (JsonNode line : lines) {
      Set<String> names = new TreeSet<>();
      line.fieldNames().forEachRemaining(names::add);
      assertThat(names).as(line.path("operation").asText()).containsAll(OF_EVERY_LINE);
    }
  }

  @Test
  void theFirstRequestOfAnInstanceIsItsColdStartAndNoOtherOne() {
    for (String function : List.of("vault", "identity")) {
      List<Boolean> cold =
          of(function).stream().map(line -> line.path("coldStart").asBoolean()).toList();
      assertThat(cold.getFirst()).isTrue();
      assertThat(cold.subList(1, cold.size())).containsOnly(false);
    }
  }

  @Test
  void theLineSaysWhoAskedAndHowItEnded() {
    JsonNode got = line("vault.get", "ok");
    assertThat(got.path("agent").asText()).isEqualTo(agent.id());
    assertThat(got.path("storageCalls").asInt()).isEqualTo(2);
    assertThat(line("vault.store", "ok").path("storageCalls").asInt()).isEqualTo(2);
    assertThat(line("vault.store", "ok").path("keyServiceCalls").asInt()).isEqualTo(1);
    assertThat(line("identity.get", "ok").path("identity").asText()).isEqualTo(agent.id());
    for (String outcome : List.of("unauthorized", "not_found", "unavailable", "internal")) {
      assertThat(line("vault.get", outcome).path("durationMs").isNumber()).isTrue();
    }
    assertThat(line("vault.get", "unavailable").path("faults").toString())
        .contains("ThrottlingException");
    assertThat(line("vault.store", "bad_request").path("storageCalls").asInt()).isZero();
  }

  private JsonNode line(String operation, String outcome) {
    return lines.stream()
        .filter(line -> line.path("operation").asText().equals(operation))
        .filter(line -> line.path("outcome").asText().equals(outcome))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line of " + operation + ", " + outcome));
  }

  @Test
  void theRequestIdOfAnErrorIsFoundInTheLog() {
    assertThat(gatewayIds).isNotEmpty();
    assertThat(gatewayIds)
        .allMatch(id -> raw.stream().anyMatch(line -> line.contains("\"" + id + "\"")));
  }

  @Test
  void theMetricsOfEveryLineAreNumbersOfThatLine() {
    for (JsonNode line : lines) {
      JsonNode aws = line.path("_aws");
      assertThat(aws.path("Timestamp").isIntegralNumber()).isTrue();
      for (JsonNode directive : aws.path("CloudWatchMetrics")) {
        assertThat(directive.path("Namespace").asText()).isNotEmpty();
        for (JsonNode set : directive.path("Dimensions")) {
          assertThat(set.size()).isBetween(0, 30);
          set.forEach(name -> assertThat(line.path(name.asText()).isTextual()).isTrue());
        }
        assertThat(directive.path("Metrics").size()).isBetween(1, 100);
        for (JsonNode metric : directive.path("Metrics")) {
          assertThat(line.path(metric.path("Name").asText()).isNumber()).isTrue();
          assertThat(metric.path("Unit").asText()).isIn("Milliseconds", "Count", "None");
        }
      }
      assertThat(aws.path("CloudWatchMetrics").isEmpty()).isFalse();
    }
  }

  @Test
  void noLabelIsLogged() {
    assertThat(raw).noneMatch(line -> line.contains(LABEL));
  }
}
