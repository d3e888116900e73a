package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import io.agentvault.threats.FaultMatrix.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** No answer without its record, whatever dies; and who may read the records. */
final class RecordsIT {
  private static final LocalCloud cloud = LocalCloud.options().maxInstances(4).start();

  private final Gate gate = new Gate(cloud);

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @Test
  void killedAtAnyCallOfAnyOperationNothingIsAnsweredWithoutItsRecord() {
    cloud.stream().pause();
    FaultMatrix matrix = new FaultMatrix(gate);
    int killed = 0;
    for (Scenario scenario : Scenario.all()) {
      if (scenario.function().equals("reaper") || scenario.name().contains("revoke")) {
        continue; // their record is the receipt: RevokeCrashIT
      }
      for (Target target : matrix.targets(scenario)) {
        for (boolean before : new boolean[] {true, false}) {
          kill(scenario, target, before);
          killed++;
        }
      }
    }
    assertThat(killed).isGreaterThan(50);
  }

  private void kill(Scenario scenario, Target target, boolean before) {
    Bench bench = Bench.patiently(gate);
    scenario.prepare().accept(bench);
    int records = bench.rows.records(bench.agent).size();
    Predicate<Call> mine = bench.mine(scenario.function());
    Predicate<Call> struck = call -> call.operation().equals(target.operation()) && mine.test(call);
    List<FaultRule> rules = new ArrayList<>();
    for (Fault fault :
        before
            ? List.of(Fault.before(cloud::killCaller), Fault.resetBefore())
            : List.of(Fault.after(cloud::killCaller), Fault.resetAfter())) {
      rules.add(cloud.tap().fault(struck, fault, number -> number == target.number()));
    }
    Reply reply = scenario.act().apply(bench);
    rules.forEach(cloud.tap()::remove);

    String where = scenario.name() + ", " + target.label() + (before ? " before" : " after");
    int written = bench.rows.records(bench.agent).size() - records;
    assertThat(rules).as(where).allSatisfy(rule -> assertThat(rule.struck()).isEqualTo(1));
    assertThat(reply.succeeded()).as(where).isFalse();
    assertThat(reply.body()).as(where).doesNotContain("password", "rawKey", "\"code\"");
    assertThat(written).as(where).isLessThanOrEqualTo(1);
    boolean done = !scenario.reads() && scenario.done().test(bench);
    if (done && !scenario.name().equals("identity, create")) {
      assertThat(written).as(where).isEqualTo(1);
    }
  }

  @Test
  void anAgentReadsItsOwnRecordsAndItsOperatorReadsThemAfterTheRevocationToo() {
    Agent agent = gate.agent();
    Agent other = gate.agent();
    assertThat(gate.store(agent, "login", Bench.LOGIN).status()).isEqualTo(200);
    assertThat(gate.get("/v0/vault/login", agent.key()).status()).isEqualTo(200);
    assertThat(gate.get("/v0/vault/none", agent.key()).status()).isEqualTo(404);

    JsonNode logs = gate.get("/v0/logs", agent.key()).json();
    assertThat(logs.path("count").asInt()).isEqualTo(4);
    assertThat(logs.path("logs").valueStream().map(each -> each.path("action").asText()))
        .containsExactly("vault.get", "vault.get", "vault.store", "identity.create");
    JsonNode last = gate.get("/v0/logs?limit=1&status=SUCCESS&label=login", agent.key()).json();
    assertThat(last.path("count").asInt()).isEqualTo(1);
    assertThat(last.at("/logs/0/metadata/way").asText()).isEqualTo("http");
    assertThat(last.at("/logs/0/metadata/actor").asText()).isEqualTo("avk_" + agent.id());
    String next =
        "/v0/logs?label=login&status=success&pageToken=" + last.path("nextPageToken").asText();
    assertThat(gate.get(next, agent.key()).json().at("/logs/0/action").asText())
        .isEqualTo("vault.store");
    assertThat(gate.get("/v0/logs?severity=ERROR", agent.key()).json().path("count").asInt())
        .isEqualTo(1);
    assertThat(gate.get("/v0/logs?category=mail", agent.key()).json().path("count").asInt())
        .isZero();
    assertThat(gate.get("/v0/logs?limit=201", agent.key()).status()).isEqualTo(400);
    assertThat(gate.get("/v0/logs?since=yesterday", agent.key()).status()).isEqualTo(400);
    assertThat(gate.get("/v0/logs", other.key()).json().path("count").asInt()).isEqualTo(1);
    assertThat(gate.get("/v0/logs/stats", agent.key()).json().has("byCategory")).isTrue();

    String path = "/v0/platform/identities/" + agent.id();
    String operator = gate.operator(agent.tenant());
    assertThat(gate.send("DELETE", path, operator, "").status()).isEqualTo(200);
    assertThat(gate.get("/v0/logs", agent.key()).status()).isEqualTo(401);
    JsonNode after = gate.get(path + "/logs", operator).json();
    assertThat(after.at("/logs/0/action").asText()).isEqualTo("identity.revoke");
    assertThat(after.path("count").asInt()).isEqualTo(5);
    assertThat(gate.get(path + "/logs", gate.operator(other.tenant())).status()).isEqualTo(404);
  }
}
