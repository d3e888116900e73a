package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Invariant 2: the partition comes from the authenticated identity only. Every operation is tried
 * by one identity against another, of the same tenant and of another one.
 */
final class IsolationIT {
  private final Gate gate = new Gate(LocalCloud.shared());
  private final Rows rows = new Rows(gate);
  private final Agent mallory = gate.agent();
  private final Agent neighbour = gate.agent(mallory.tenant());
  private final Agent stranger = gate.agent();
  private final List<Agent> victims = List.of(neighbour, stranger);

  @BeforeEach
  void everyVaultHoldsTheSameLabels() {
    for (Agent agent : List.of(mallory, neighbour, stranger)) {
      String totp =
          "{\"type\":\"LOGIN\",\"data\":{\"username\":\"u\",\"password\":\"of "
              + agent.id()
              + "\",\"totp\":\""
              + Bench.SEED
              + "\",\"backupCodes\":[\"of "
              + agent.id()
              + "\"]}}";
      assertThat(gate.store(agent, "shared", totp).status()).isEqualTo(200);
    }
    for (Agent victim : victims) {
      assertThat(gate.store(victim, "theirs", Bench.LOGIN).status()).isEqualTo(200);
    }
  }

  private List<Map<?, ?>> victimsRows() {
    List<Map<?, ?>> all = new ArrayList<>();
    victims.forEach(victim -> all.add(rows.of(victim)));
    return all;
  }

  /** Every data-plane call there is, with a label. */
  private List<Reply> everyCall(String key, String label, String... headers) {
    String path = "/v0/vault/" + label;
    return List.of(
        gate.send("GET", "/v0/whoami", key, "", headers),
        gate.send("GET", "/v0/vault", key, "", headers),
        gate.send("GET", path, key, "", headers),
        gate.send("GET", path + "/totp", key, "", headers),
        gate.send("GET", path + "/totp?unique=true", key, "", headers),
        gate.send("POST", path + "/totp/backup", key, "", headers),
        gate.send("PUT", path, key, Bench.LOGIN, headers),
        gate.send("DELETE", path, key, "", headers));
  }

  @Test
  void theSameLabelIsAnotherCredentialForEveryIdentity() {
    for (Agent agent : List.of(mallory, neighbour, stranger)) {
      Reply reply = gate.get("/v0/vault/shared", agent.key());
      assertThat(reply.json().path("data").path("password").asText()).isEqualTo("of " + agent.id());
    }
  }

  @Test
  void noOperationReachesAnotherPartition() {
    var before = victimsRows();
    int seen = gate.cloud().tap().calls().size();
    List<Reply> replies = new ArrayList<>(everyCall(mallory.key(), "shared"));
    replies.addAll(everyCall(mallory.key(), "theirs"));

    assertThat(victimsRows()).isEqualTo(before);
    for (Agent victim : victims) {
      assertThat(replies).noneMatch(reply -> reply.body().contains(victim.id()));
      assertThat(callsSince(seen))
          .noneMatch(call -> call.request().toString().contains(victim.id()));
    }
    assertThat(callsSince(seen)).isNotEmpty();
  }

  /** Without those of the functions that streams feed with what was done before. */
  private List<Call> callsSince(int seen) {
    List<Call> calls = gate.cloud().tap().calls();
    return calls.subList(seen, calls.size()).stream()
        .filter(call -> !List.of("scribe", "reaper").contains(call.function()))
        .toList();
  }

  @Test
  void whatTheOthersHaveIsNotFound() {
    for (String call : List.of("GET ", "GET totp", "POST totp/backup", "DELETE ")) {
      String[] parts = call.split(" ", -1);
      String path = "/v0/vault/theirs" + (parts[1].isEmpty() ? "" : "/" + parts[1]);
      assertThat(gate.send(parts[0], path, mallory.key(), "").status()).as(call).isEqualTo(404);
    }
  }

  @Test
  void aFieldThatNamesAnotherIdentityChangesNothing() {
    var before = victimsRows();
    for (Agent victim : victims) {
      String names =
          """
          "identityId":"%s","agentId":"%s","identity":"%s","tenant":"%s","pk":"%s","partition":"%s",\
          """
              .formatted(
                  victim.id(),
                  victim.id(),
                  victim.id(),
                  victim.tenant(),
                  victim.partition(),
                  victim.partition());
      Reply stored = gate.store(mallory, "named", "{" + names + Bench.LOGIN.substring(1));
      assertThat(stored.status()).isEqualTo(200);
      String query = "?identityId=" + victim.id() + "&tenant=" + victim.tenant();
      everyCall(mallory.key(), "shared" + query, "x-identity", victim.id());
      for (String action : List.of("get", "list", "totp", "store", "useBackupCode", "delete")) {
        gate.direct(
            "vault",
            "{\"action\":\"vault.%s\",\"key\":\"%s\",\"label\":\"named\",%s%s"
                .formatted(action, mallory.key(), names, Bench.LOGIN.substring(1)));
      }
      assertThat(rows.read(Rows.credential(victim, "named"))).isEmpty();
    }
    assertThat(victimsRows()).isEqualTo(before);
  }

  @Test
  void aKeySplicedFromTwoIdentitiesOpensNeither() {
    for (Agent victim : victims) {
      String secret = mallory.key().substring(31, 83);
      String spliced = Keys.withChecksum("avk_" + victim.id() + "_" + secret);
      assertThat(Keys.withChecksum(mallory.key().substring(0, Keys.BODY))).isEqualTo(mallory.key());
      var before = victimsRows();
      assertThat(everyCall(spliced, "shared")).extracting(Reply::status).containsOnly(401);
      assertThat(victimsRows()).isEqualTo(before);
    }
  }

  @Test
  void nothingInAnAuthorizerBlockIsBelieved() {
    for (Agent victim : victims) {
      String claims =
          "{\"sub\":\"%s\",\"identityId\":\"%s\",\"tenant\":\"%s\",\"groups\":[\"vault-operator\"]}"
              .formatted(victim.id(), victim.id(), victim.tenant());
      assertThat(forged("GET", "/v0/vault/shared", "", claims, "vault")).isEqualTo(401);
      assertThat(forged("GET", "/v0/vault/theirs", mallory.key(), claims, "vault")).isEqualTo(404);
      String identity = "/v0/platform/identities/" + victim.id();
      assertThat(forged("GET", identity, "", claims, "identity")).isEqualTo(401);
      assertThat(forged("DELETE", identity, mallory.key(), claims, "identity")).isEqualTo(401);
    }
  }

  /** The status of an HTTP-shaped event that somebody with lambda:InvokeFunction made up. */
  private int forged(String method, String path, String bearer, String claims, String function) {
    String authorization = bearer.isEmpty() ? "" : "\"authorization\":\"Bearer " + bearer + "\"";
    String event =
        """
        {"version":"2.0","rawPath":"%s","headers":{%s},"requestContext":{"requestId":"r",\
        "http":{"method":"%s","path":"%s"},"authorizer":{"jwt":{"claims":%s},"iam":%s,\
        "lambda":%s}}}"""
            .formatted(path, authorization, method, path, claims, claims, claims);
    JsonNode answer = gate.direct(function, event).json();
    return answer.path("statusCode").asInt();
  }

  @Test
  void aPageTokenOfAnotherVaultShowsNothingOfIt() {
    String token =
        gate.get("/v0/vault?limit=1", stranger.key()).json().path("nextPageToken").asText();
    Reply page = gate.get("/v0/vault?pageToken=" + token, mallory.key());
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).doesNotContain("theirs").doesNotContain(stranger.id());
  }

  @Test
  void anotherTenantsIdentityIsNotFoundWhateverTheOperatorDoes() {
    String operator = gate.operator(mallory.tenant());
    var before = rows.of(stranger);
    for (String path : List.of(stranger.id(), "0".repeat(26))) {
      List<Reply> replies = everyControlCall(operator, path);
      assertThat(replies).extracting(Reply::status).containsOnly(404);
      assertThat(replies).extracting(Reply::error).containsOnly("not_found");
    }
    assertThat(rows.of(stranger)).isEqualTo(before);
    assertThat(gate.get("/v0/platform/identities", operator).body())
        .contains(mallory.id(), neighbour.id())
        .doesNotContain(stranger.id());
  }

  private List<Reply> everyControlCall(String bearer, String id) {
    String path = "/v0/platform/identities/" + id;
    return List.of(
        gate.send("GET", path, bearer, ""),
        gate.send("PATCH", path, bearer, "{\"name\":\"mine\"}"),
        gate.send("POST", path + "/rotate-key", bearer, "{}"),
        gate.send("DELETE", path, bearer, ""));
  }

  @Test
  void aPageTokenOfAnotherTenantShowsNothingOfIt() {
    gate.agent(stranger.tenant());
    String token =
        gate.get("/v0/platform/identities?limit=1", gate.operator(stranger.tenant()))
            .json()
            .path("nextPageToken")
            .asText();
    assertThat(token).isNotEmpty();
    Reply page =
        gate.get("/v0/platform/identities?pageToken=" + token, gate.operator(mallory.tenant()));
    assertThat(page.body()).doesNotContain(stranger.id());
  }

  @Test
  void anAgentKeyIsNoOperatorTokenAndTheOtherWayRound() {
    String operator = gate.operator(neighbour.tenant());
    assertThat(everyCall(operator, "shared")).extracting(Reply::status).containsOnly(401);
    assertThat(everyControlCall(neighbour.key(), neighbour.id()))
        .extracting(Reply::status)
        .containsOnly(401);
    assertThat(gate.send("POST", "/v0/platform/identities", neighbour.key(), "{}").status())
        .isEqualTo(401);
  }

  @Test
  void neitherFunctionAnswersForTheOther() {
    assertThat(forged("GET", "/v0/vault/shared", neighbour.key(), "{}", "identity")).isEqualTo(404);
    assertThat(forged("GET", "/v0/platform/identities", gate.operator("t"), "{}", "vault"))
        .isEqualTo(404);
    assertThat(gate.direct("vault", "{\"action\":\"identity.create\"}").status()).isEqualTo(400);
    assertThat(
            gate.direct(
                    "identity",
                    "{\"action\":\"vault.get\",\"label\":\"shared\",\"key\":\""
                        + neighbour.key()
                        + "\"}")
                .status())
        .isEqualTo(400);
  }

  @Test
  void labelsThatLookLikeOtherItemsAreCredentialsOrRefused() {
    for (String label : List.of("IDENTITY", "RECEIPT", "AGENT", "CREDENTIAL", "...", "~")) {
      assertThat(gate.store(mallory, label, Bench.LOGIN).status()).as(label).isEqualTo(200);
      assertThat(rows.read(Rows.credential(mallory, label))).isNotEmpty();
    }
    assertThat(gate.get("/v0/whoami", mallory.key()).json().path("identityId").asText())
        .isEqualTo(mallory.id());
    for (String label : List.of("AGENT%23" + neighbour.id(), "CREDENTIAL%23shared", "a%2Fb")) {
      assertThat(gate.get("/v0/vault/" + label, mallory.key()).status()).as(label).isIn(400, 404);
    }
  }
}
