package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.threats.HostileRequests.Http;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a caller without a right to anything can cost, learn and take from others. */
final class AbuseIT {
  private final Gate gate = new Gate(LocalCloud.shared());
  private final Agent agent = gate.agent();

  /** One guess at every data-plane operation: method and path. */
  private static final List<String[]> OPERATIONS =
      List.of(
          new String[] {"GET", "/v0/whoami"},
          new String[] {"GET", "/v0/vault"},
          new String[] {"GET", "/v0/vault/one"},
          new String[] {"PUT", "/v0/vault/one"},
          new String[] {"DELETE", "/v0/vault/one"},
          new String[] {"GET", "/v0/vault/one/totp"},
          new String[] {"POST", "/v0/vault/one/totp/backup"});

  @BeforeEach
  void storeOne() {
    assertThat(gate.store(agent, "one", Bench.TOTP).status()).isEqualTo(200);
  }

  private static List<Reply> everyOperation(Gate gate, String key) {
    return OPERATIONS.stream()
        .map(each -> gate.send(each[0], each[1], key, each[0].equals("PUT") ? Bench.LOGIN : ""))
        .toList();
  }

  private List<Call> callsSince(int seen) {
    List<Call> calls = gate.cloud().tap().calls();
    return calls.subList(seen, calls.size()).stream()
        .filter(call -> call.function().equals("vault") || call.function().equals("identity"))
        .toList();
  }

  private int seen() {
    return gate.cloud().tap().calls().size();
  }

  @Test
  void aGuessCostsOneReadAndNoCallOfTheKeyService() {
    for (String id : List.of(agent.id(), Keys.unknownId())) {
      for (String[] each : OPERATIONS) {
        int before = seen();
        String body = each[0].equals("PUT") ? Bench.LOGIN : "";
        Reply reply = gate.send(each[0], each[1], Keys.madeUp(id), body);
        assertThat(reply.status()).isEqualTo(401);
        assertThat(callsSince(before)).hasSize(1);
        assertThat(callsSince(before).getFirst().operation()).isIn("GetItem", "BatchGetItem");
      }
    }
  }

  @Test
  void aMalformedKeyCostsNothing() {
    String key = agent.key();
    int before = seen();
    for (String malformed :
        List.of(
            key.substring(0, key.length() - 1),
            key + "0",
            key.replaceFirst(".$", key.endsWith("0") ? "1" : "0"),
            key.toUpperCase(java.util.Locale.ROOT),
            "avk_" + "o".repeat(86),
            "x",
            "avk_" + agent.id())) {
      assertThat(everyOperation(gate, malformed)).extracting(Reply::status).containsOnly(401);
    }
    assertThat(everyOperation(gate, "")).extracting(Reply::status).containsOnly(401);
    assertThat(callsSince(before)).isEmpty();
  }

  @Test
  void everyRefusedKeyGetsTheSameAnswer() {
    Agent revoked = gate.agent();
    Agent rotated = gate.agent();
    gate.direct("identity", control("revoke", revoked));
    gate.direct("identity", control("rotateKey", rotated));
    Set<String> answers = new TreeSet<>();
    for (String key :
        List.of(
            Keys.madeUp(agent.id()),
            Keys.madeUp(Keys.unknownId()),
            revoked.key(),
            rotated.key(),
            agent.key().substring(1),
            "nothing like a key")) {
      for (Reply reply : everyOperation(gate, key)) {
        ObjectNode body = (ObjectNode) reply.json();
        assertThat(body.remove("requestId").asText()).isNotEmpty();
        Set<String> headers = new TreeSet<>(reply.headers().map().keySet());
        answers.add(reply.status() + " " + headers + " " + body);
      }
    }
    assertThat(answers).hasSize(1);
  }

  private static String control(String action, Agent target) {
    return "{\"action\":\"identity.%s\",\"tenant\":\"%s\",\"identityId\":\"%s\"}"
        .formatted(action, target.tenant(), target.id());
  }

  @Test
  void whatIsMalformedOrTooLargeIsRefusedBeforeAnyRemoteCall() {
    HostileRequests requests =
        new HostileRequests(agent, gate.operator(agent.tenant()), Canary.fresh("hostile").text());
    List<String> costly = new ArrayList<>();
    for (Http each : requests.http()) {
      int before = seen();
      Reply reply =
          gate.send(each.method(), each.path(), each.bearer(), each.body(), each.headers());
      assertThat(reply.status())
          .as("%s %s %s", each.method(), each.path(), each.body())
          .isBetween(400, 499);
      callsSince(before)
          .forEach(call -> costly.add(each.method() + " " + each.path() + " " + call));
    }
    for (String event : requests.direct()) {
      for (String function : List.of("vault", "identity")) {
        int before = seen();
        assertThat(gate.direct(function, event).status()).as(event).isBetween(400, 499);
        callsSince(before).forEach(call -> costly.add(function + " direct " + call));
      }
    }
    assertThat(costly).isEmpty();
  }

  @Test
  void aRequestOverEachLimitIsRefusedBeforeAnyRemoteCall() {
    int before = seen();
    String label = "/v0/vault/large";
    for (int bytes : new int[] {65 * 1024, 129 * 1024, 1024 * 1024, 4_000_000}) {
      String body = "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"" + "x".repeat(bytes) + "\"}}";
      assertThat(gate.send("PUT", label, agent.key(), body).status())
          .as("%d bytes", bytes)
          .isEqualTo(413);
      if (bytes > 1024 * 1024) {
        String event = "{\"action\":\"vault.whoami\"," + body.substring(1);
        assertThat(gate.direct("vault", event).status()).isEqualTo(413);
      }
    }
    String metadata = "{\"a\":\"" + "x".repeat(4 * 1024) + "\"}";
    String body = "{\"type\":\"CUSTOM\",\"data\":{},\"metadata\":" + metadata + "}";
    assertThat(gate.send("PUT", label, agent.key(), body).status()).isEqualTo(413);
    assertThat(gate.get("/v0/vault/" + "l".repeat(129), agent.key()).status()).isEqualTo(400);
    assertThat(gate.get("/v0/vault/one", "k".repeat(6_000)).status()).isEqualTo(401);
    assertThat(gate.get("/v0/platform/identities", "t".repeat(9_000)).status()).isEqualTo(401);
    // Longer headers do not get past the gateway.
    assertThat(gate.get("/v0/platform/identities", "t".repeat(17_000)).status()).isEqualTo(431);
    assertThat(callsSince(before)).isEmpty();
  }
}
