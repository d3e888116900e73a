package io.agentvault.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.revocation.Api.Reply;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keys that come and go, on the one instance that has everything in its caches. */
final class KeyRotationIT {
  private static final int DAY_SECONDS = 86_400;
  private static LocalCloud cloud;
  private static Api api;
  private static Table table;
  private static String operator;

  @BeforeAll
  static void start() {
    cloud = LocalCloud.options().maxInstances(1).start();
    api = new Api(cloud);
    table = new Table(cloud);
    operator = api.operator("rotation", "operator");
    WarmUp.vault(cloud, api, 1);
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @AfterEach
  void end() {
    CallLedger.close(cloud.tap());
  }

  /** An identity and its first key, with something in its vault. */
  private record Agent(String id, String key) {
    static Agent create() {
      ObjectNode created = api.create(operator);
      Agent agent = new Agent(created.get("identityId").asText(), created.get("rawKey").asText());
      assertThat(api.store(agent.key(), "one", Sample.LOGIN.body()).status()).isEqualTo(200);
      return agent;
    }

    String rotate(int graceSeconds) {
      Reply rotated = api.rotate(operator, id, graceSeconds);
      assertThat(rotated.status()).isEqualTo(200);
      return rotated.body().get("rawKey").asText();
    }
  }

  private static void assertOpens(String... keys) {
    for (String key : keys) {
      Reply got = api.get(key, Api.vault("one"));
      assertThat(got.status()).isEqualTo(200);
      assertThat(got.body().get("data")).isEqualTo(Sample.LOGIN.body().get("data"));
    }
  }

  private static void assertDead(String... keys) {
    for (String key : keys) {
      World.assertRefused(api.get(key, Api.vault("one")), 401, "unauthorized");
    }
  }

  @Test
  void theOldKeyDiesAtOnceByDefault() {
    Agent agent = Agent.create();
    Reply rotated =
        api.send(
            "POST", Api.identity(agent.id()) + "/rotate-key", operator, Optional.empty(), Map.of());
    assertThat(rotated.body().get("previousKeyValidUntil").isNull()).isTrue();
    assertDead(agent.key());
    assertOpens(rotated.body().get("rawKey").asText());
  }

  @Test
  void theOldKeyLivesThroughTheGraceBesideTheNewOne() {
    Agent agent = Agent.create();
    Instant before = Instant.now();
    Reply rotated = api.rotate(operator, agent.id(), DAY_SECONDS);
    assertThat(Instant.parse(rotated.body().get("previousKeyValidUntil").asText()))
        .isAfter(before.plusSeconds(DAY_SECONDS - 1));
    String next = rotated.body().get("rawKey").asText();
    assertOpens(agent.key(), next);
    assertThat(api.store(agent.key(), "one", Sample.LOGIN.body()).status()).isEqualTo(200);
  }

  @Test
  void twoRotationsInARowLeaveExactlyOneOldKey() {
    Agent agent = Agent.create();
    String second = agent.rotate(DAY_SECONDS);
    String third = agent.rotate(DAY_SECONDS);
    assertDead(agent.key());
    assertOpens(second, third);
  }

  @Test
  void aRotationWithoutGraceEndsTheGraceOfTheOneBefore() {
    Agent agent = Agent.create();
    String second = agent.rotate(DAY_SECONDS);
    String third = agent.rotate(0);
    assertDead(agent.key(), second);
    assertOpens(third);
  }

  private static String token(String maker, int levels) {
    String token = maker;
    for (int level = 0; level < levels; level++) {
      Reply made = api.post(token, "/v0/tokens", Api.object());
      assertThat(made.status()).isEqualTo(201);
      token = made.body().get("token").asText();
    }
    return token;
  }

  @Test
  void tokensOfThreeLevelsDieWithTheirKeyAndLiveThroughItsGrace() {
    Agent agent = Agent.create();
    String[] first = {token(agent.key(), 1), token(agent.key(), 2), token(agent.key(), 3)};
    assertOpens(first);
    String second = agent.rotate(DAY_SECONDS);
    assertOpens(first);
    String[] below = {token(first[2], 1), token(second, 3)};
    assertOpens(below);
    agent.rotate(DAY_SECONDS);
    assertDead(first);
    assertDead(below[0]);
    assertOpens(below[1]);
    agent.rotate(0);
    assertDead(below[1]);
  }

  /** Keys that open nothing, by what is wrong with them. */
  private static Map<String, String> deadKeys() {
    Agent rotated = Agent.create();
    String rotatedToken = token(rotated.key(), 1);
    String living = rotated.rotate(0);
    Agent revoked = Agent.create();
    assertThat(api.revoke(operator, revoked.id()).status()).isEqualTo(200);
    Agent unknown = Agent.create();
    table.erase(unknown.id());
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("rotated", rotated.key());
    keys.put("revoked", revoked.key());
    keys.put("unknown", unknown.key());
    keys.put("cut", living.substring(0, living.length() - 1));
    keys.put("mistyped", living.replace(living.charAt(40), living.charAt(40) == '0' ? '1' : '0'));
    keys.put("of two keys", unknown.key().substring(0, 31) + living.substring(31));
    keys.put("upper case", living.toUpperCase(java.util.Locale.ROOT));
    String token = token(living, 2);
    keys.put("token of a rotated key", rotatedToken);
    keys.put("cut token", token.substring(0, token.length() - 1));
    keys.put("token with a changed MAC", token.substring(0, 110) + "AAAA" + token.substring(114));
    keys.put(
        "token of another agent",
        unknown.key().substring(0, 31).replace("avk", "avt") + token.substring(31));
    keys.put("garbage", "garbage");
    keys.put("operator's", operator);
    return keys;
  }

  @Test
  void everyKeyThatOpensNothingIsRefusedInTheSameWords() {
    Map<String, String> keys = deadKeys();
    String stored = Sample.LOGIN.body().toString();
    for (String[] call :
        new String[][] {
          {"GET", "/v0/whoami", ""},
          {"GET", "/v0/vault", ""},
          {"GET", "/v0/vault/one", ""},
          {"PUT", "/v0/vault/one", stored},
          {"DELETE", "/v0/vault/one", ""},
          {"GET", "/v0/vault/one/totp", ""},
          {"POST", "/v0/vault/one/totp/backup", ""}
        }) {
      Optional<JsonNode> body =
          call[2].isEmpty() ? Optional.empty() : Optional.of(Api.json(call[2]));
      List<String> answers =
          keys.values().stream()
              .map(key -> api.send(call[0], call[1], key, body, Map.of()))
              .map(KeyRotationIT::withoutRequestId)
              .toList();
      assertThat(answers).hasSize(keys.size()).allMatch(answers.getFirst()::equals);
      assertThat(answers.getFirst()).startsWith("401 {\"error\":\"unauthorized\",");
    }
  }

  private static String withoutRequestId(Reply reply) {
    return reply.status() + " " + reply.text().replace(reply.body().get("requestId").asText(), "");
  }

  @Test
  void anInstanceThatHasTheDataKeyCachedRefusesTheNextCallAfterTheRevocation() {
    Agent agent = Agent.create();
    assertOpens(agent.key());
    cloud.tap().clear();
    assertOpens(agent.key());
    assertThat(cloud.tap().callsOf("vault")).noneMatch(Call.operation("Decrypt"));
    String rotated = agent.rotate(DAY_SECONDS);
    assertOpens(rotated, agent.key());
    assertThat(cloud.tap().callsOf("vault")).noneMatch(Call.operation("Decrypt"));
    assertThat(cloud.tap().callsOf("vault")).extracting(Call::instance).containsOnly(instance());

    assertThat(api.revoke(operator, agent.id()).status()).isEqualTo(200);
    assertDead(agent.key(), rotated);
    for (String key : List.of(agent.key(), rotated)) {
      World.assertRefused(api.store(key, "one", Sample.LOGIN.body()), 401, "unauthorized");
      World.assertRefused(api.get(key, "/v0/vault"), 401, "unauthorized");
      World.assertRefused(api.delete(key, Api.vault("one")), 401, "unauthorized");
    }
    assertThat(cloud.tap().callsOf("vault")).extracting(Call::instance).containsOnly(instance());
    assertThat(cloud.tap().callsOf("vault")).noneMatch(Call.operation("Decrypt"));
    assertThat(table.partition(agent.id())).isEmpty();
  }

  private static int instance() {
    return cloud.function("vault").instances().getFirst().number();
  }
}
