package io.agentvault.api;

import static io.agentvault.vault.Contents.SEED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.table.Faults;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.RoundTrips;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestLogTest {
  private static final String CANARY = "canary";

  private final Planes planes = new Planes();
  private final AgentKey key = planes.world.agent();

  @Test
  void theLineSaysWhatWasAskedByWhomAndHowItEnded() {
    planes.world.table.before(1, () -> planes.world.clock.advance(Duration.ofMillis(12)));
    planes.invoke(planes.vault, Events.http("GET", "/v0/vault", key));
    ObjectNode line = planes.line();

    assertThat(line.remove("_aws").toString())
        .isEqualTo(
            "{\"Timestamp\":"
                + planes.world.clock.millis()
                + ",\"CloudWatchMetrics\":[{\"Namespace\":\"AgentVault\","
                + "\"Dimensions\":[[\"operation\",\"outcome\"]],\"Metrics\":["
                + "{\"Name\":\"durationMs\",\"Unit\":\"Milliseconds\"}]}]}");
    assertThat(line.toString())
        .isEqualTo(
            "{\"function\":\"vault\",\"requestId\":\"invocation-1\",\"coldStart\":true,"
                + "\"gatewayRequestId\":\"gateway-request-1\",\"agent\":\""
                + key.claimedId()
                + "\",\"operation\":\"vault.list\",\"outcome\":\"ok\",\"durationMs\":12.0,"
                + "\"storageCalls\":3,\"storageMs\":12.0,\"keyServiceCalls\":0,"
                + "\"keyServiceMs\":0.0}");
  }

  @Test
  void metricsOfOneStageAreNotThoseOfAnother() {
    List<String> lines = new ArrayList<>();
    RequestLog log = new RequestLog(lines::add, false, Optional.of("prod"));
    planes.invoke(
        new Endpoint(new VaultApi(planes.world.vaults, List.of()), log),
        Events.http("GET", "/v0/vault", key));

    ObjectNode line = Events.json(lines.getFirst());
    assertThat(line.path("stage").asText()).isEqualTo("prod");
    assertThat(line.at("/_aws/CloudWatchMetrics/0/Dimensions").toString())
        .isEqualTo("[[\"stage\",\"operation\",\"outcome\"]]");
  }

  @Test
  void aUseIsAMetricByHostOnlyWhereTheOperatorsListBoundsThem() {
    ObjectNode bounded = lineOfUse(Optional.of("*.example.com"));
    assertThat(bounded.path("upstream").asText()).isEqualTo("api.example.com");
    assertThat(bounded.path("upstreamMs").asDouble()).isEqualTo(7);
    assertThat(bounded.path("upstreamEntry").asText()).isEqualTo("*.example.com");
    assertThat(bounded.at("/_aws/CloudWatchMetrics/1").toString())
        .contains("[[\"upstreamEntry\",\"outcome\"]]", "\"Name\":\"upstreamMs\"");

    ObjectNode open = lineOfUse(Optional.empty());
    assertThat(open.path("upstream").asText()).isEqualTo("api.example.com");
    assertThat(open.at("/_aws/CloudWatchMetrics")).hasSize(1);
  }

  private ObjectNode lineOfUse(Optional<String> entry) {
    Deadline deadline = planes.world.deadline();
    deadline.roundTrips().goTo(new RoundTrips.Upstream("api.example.com", entry));
    deadline.roundTrips().count("upstream", Duration.ofMillis(7));
    planes.log.begin("broker", "invocation-2", deadline).end();
    return planes.line();
  }

  @Test
  void onlyTheFirstRequestOfAnInstanceIsAColdStart() {
    planes.invoke(planes.vault, Events.http("GET", "/v0/vault", key));
    planes.invoke(planes.vault, Events.http("GET", "/v0/vault", key));

    assertThat(planes.lines.get(0)).contains("\"coldStart\":true");
    assertThat(planes.lines.get(1)).contains("\"coldStart\":false");
  }

  @Test
  void faultsAreNamedByTheirCodes() {
    planes.world.table.fail(1, Faults.outage());
    planes.invoke(planes.vault, Events.http("GET", "/v0/vault", key));

    assertThat(planes.line().path("faults").toString())
        .isEqualTo("[\"storage: ServiceUnavailable\"]");
    assertThat(planes.line().path("outcome").asText()).isEqualTo("unavailable");
  }

  @Test
  void aKeyThatIsNoneIsLoggedAsNobody() {
    planes.invoke(planes.vault, Events.http("GET", "/v0/vault", "avk_" + CANARY));

    assertThat(planes.line().path("agent").isNull()).isTrue();
    assertThat(planes.line().has("agent")).isTrue();
    assertNoCanary();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v0/vault/bank/token, authorization, Bearer %s",
    "POST, /v0/vault/bank/use, authorization, token %s",
    "GET, /v0/proxy/bank/v1/me, x-api-key, %s",
    "GET, /v0/deposits, authorization, Bearer %s",
    "POST, /mcp, authorization, Bearer %s"
  })
  void aChildTokenAtTheBrokerIsNamedWhereverItStands(
      String method, String path, String header, String value) {
    ObjectNode request = Events.withBody(Events.http("POST", "/v0/tokens", key), "{}");
    ObjectNode made = planes.body(201, planes.invoke(planes.vault, request));
    String token = made.path("token").asText();
    String presented = value.formatted(token);
    planes.invoke(planes.broker, Events.withHeader(Events.http(method, path), header, presented));

    assertThat(planes.line().path("agent").asText()).isEqualTo(key.claimedId().text());
    assertThat(planes.line().path("token")).isEqualTo(made.path("tokenId"));
    assertThat(planes.lines).noneMatch(line -> line.contains(token));
  }

  @Test
  void labelsAreLoggedOnlyWhenAskedFor() {
    ObjectNode event = Events.http("GET", "/v0/vault/" + CANARY, key);
    planes.invoke(planes.vault, event);
    assertNoCanary();

    List<String> lines = new ArrayList<>();
    Endpoint talkative =
        new Endpoint(
            new VaultApi(planes.world.vaults, List.of()), new RequestLog(lines::add, true));
    planes.invoke(talkative, event);
    planes.invoke(talkative, Events.http("GET", "/v0/vault/" + CANARY + "%2F", key));
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains("\"label\":\"canary\"");
    assertThat(lines.get(1)).doesNotContain(CANARY);
  }

  @Test
  void anOperatorsRequestNamesTheIdentity() {
    planes.invoke(
        planes.identity,
        Events.http("GET", "/v0/platform/identities/" + key.claimedId(), planes.issuer.valid()));

    assertThat(planes.line().path("identity").asText()).isEqualTo(key.claimedId().text());
    assertThat(planes.line().path("function").asText()).isEqualTo("identity");
    assertThat(planes.line().has("agent")).isFalse();
  }

  @Test
  void aKeyWrittenWhereAnIdBelongsIsNotLogged() {
    planes.invoke(
        planes.identity,
        Events.http("GET", "/v0/platform/identities/" + Bodies.text(key), planes.issuer.valid()));

    assertThat(planes.lines).noneMatch(line -> line.contains(Bodies.text(key)));
  }

  @Test
  void noSecretIsInAnyLineWhateverFails() {
    String data =
        "{'type':'LOGIN','data':{'username':'canary-user','password':'canary-word','totp':'"
            + SEED
            + "','backupCodes':['canary-code']},'metadata':{'canary-name':'canary-value'}}";
    List<ObjectNode> events =
        List.of(
            Events.withBody(Events.http("PUT", "/v0/vault/bank", key), data),
            Events.withBody(Events.http("PUT", "/v0/vault/bank", key), data.replace("'p", "p")),
            Events.withBody(Events.http("PUT", "/v0/vault/bank", key), data.replace(SEED, "x")),
            Events.http("GET", "/v0/vault/bank", key),
            Events.http("GET", "/v0/vault/bank/totp", key),
            Events.http("POST", "/v0/vault/bank/totp/backup", key),
            Events.withQuery(Events.http("GET", "/v0/vault", key), "pageToken", CANARY),
            Events.http("DELETE", "/v0/vault/bank", key));
    for (int call = 0; call <= 2; call++) {
      for (ObjectNode event : events) {
        if (call > 0) {
          planes.world.table.reset();
          planes.world.table.fail(call, new IllegalArgumentException("canary " + SEED));
        }
        planes.invoke(planes.vault, event);
      }
    }
    assertThat(planes.lines).hasSize(24);
    assertNoCanary();
  }

  private void assertNoCanary() {
    assertThat(planes.lines)
        .noneMatch(line -> line.contains(CANARY))
        .noneMatch(line -> line.contains(SEED))
        .noneMatch(line -> line.contains(Bodies.text(key)))
        .noneMatch(line -> line.contains("earer"));
  }
}
