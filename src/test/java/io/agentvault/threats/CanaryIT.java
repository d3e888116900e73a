package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import io.agentvault.threats.HostileRequests.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Invariant 1: values that are recognised anywhere are sent through every operation, failing ones
 * included, and then looked for everywhere. The search is proved by finding them where they belong.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CanaryIT {
  private final Canary secret = Canary.fresh("secret value");
  private final Canary metadata = Canary.fresh("metadata value");
  private final Canary seed = Canary.seed("TOTP seed");
  private final Canary firstBackupCode = Canary.fresh("first backup code");
  private final Canary backupCode = Canary.fresh("unused backup code");
  private final Canary hostile = Canary.fresh("value of a failing request");
  private final Surfaces surfaces = new Surfaces();
  private final List<String> notRefused = new ArrayList<>();
  private final Path data = temporary();
  private final LocalCloud cloud =
      LocalCloud.options()
          .data(data)
          .environment("vault", "VAULT_DATA_KEY_CACHE_TTL", "0") // KMS takes part in every call
          .start();
  private final Gate gate = new Gate(cloud);
  private final Rows rows = new Rows(gate);
  private final Agent agent = gate.agent();
  private final String operator = gate.operator(agent.tenant());
  private final Canary agentKey = Canary.ofText("agent key", agent.key().substring(31));
  private final Canary operatorToken =
      Canary.ofText("operator token", operator.substring(operator.lastIndexOf('.') + 1));
  private final Canary childToken = Canary.ofText("child token", token().substring(31));
  private final Canary dataKey = Canary.ofBytes("data key", dataKey());
  private Reply read = Reply.bare(0, "");
  private Reply used = Reply.bare(0, "");

  private static Path temporary() {
    try {
      return Files.createTempDirectory(
          Files.createDirectories(Path.of("target/local-cloud")), "canary-");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private String token() {
    return gate.send("POST", "/v0/tokens", agent.key(), "{\"labels\":[\"o*\"]}")
        .json()
        .path("token")
        .asText();
  }

  /** What is done with a token, and with one that is spoiled or has no right to it. */
  private void byToken() {
    String token = "avt_" + agent.id() + "_" + childToken.text();
    assertThat(gate.get("/v0/vault/one", token).status()).isEqualTo(200);
    surfaces.add("answer to a token", gate.get("/v0/whoami", token));
    note("answer to a token beyond its labels", gate.get("/v0/vault/two", token));
    note("answer to a spoiled token", gate.get("/v0/vault/one", token + "A"));
    note(
        "answer to an upper-case token", gate.get("/v0/vault/one", token.toUpperCase(Locale.ROOT)));
    for (String function : List.of("vault", "broker")) {
      note(
          "function error to a token",
          gate.direct(
              function,
              "{\"action\":\"vault.use\",\"label\":\"two\",\"method\":\"GET\",\"key\":\""
                  + token
                  + "\"}"));
    }
    note(
        "answer to a token in a body",
        gate.send("POST", "/v0/tokens", token, "{\"labels\":[\"" + token + "\"]}"));
  }

  private byte[] dataKey() {
    byte[] wrapped = Rows.bytes(rows.read(Rows.identity(agent)), "wrappedDataKey");
    return cloud
        .kms()
        .decrypt(
            decrypt ->
                decrypt
                    .ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                    .encryptionContext(Map.of("tenant", agent.tenant(), "identity", agent.id())))
        .plaintext()
        .asByteArray();
  }

  @BeforeAll
  void everyOperationHasRun() throws InterruptedException {
    succeed();
    byToken();
    refuse();
    tamper();
    withoutKeyService();
    withoutStorage();
    surfaces.addProcesses(gate);
    revoke();
    surfaces.addFiles(cloud.logs());
    surfaces.addFiles(data.resolve("dynamodb"));
    surfaces.addTable(rows);
    surfaces.addWire(gate);
    cloud.stream().history().forEach(each -> surfaces.add("stream event", each.toString()));
  }

  @AfterAll
  void stop() {
    cloud.close();
  }

  private void succeed() {
    Reply stored =
        gate.store(
            agent,
            "one",
            """
            {"type":"LOGIN","data":{"username":"u","password":"%s","totp":"%s",\
            "backupCodes":["%s","%s"]},"metadata":{"note":"%s"}}\
            """
                .formatted(
                    secret.text(),
                    seed.text(),
                    firstBackupCode.text(),
                    backupCode.text(),
                    metadata.text()));
    assertThat(stored.status()).isEqualTo(200);
    used = gate.send("POST", "/v0/vault/one/totp/backup", agent.key(), "");
    read = gate.get("/v0/vault/one", agent.key());
    for (String path :
        List.of("/v0/whoami", "/v0/vault/one/totp", "/v0/vault/one/totp?unique=true")) {
      surfaces.add("answer of " + path, gate.get(path, agent.key()));
    }
    for (String path : List.of("", "/" + agent.id())) {
      surfaces.add(
          "answer of identities" + path, gate.get("/v0/platform/identities" + path, operator));
    }
  }

  private void refuse() {
    HostileRequests requests = new HostileRequests(agent, operator, hostile.text());
    for (Http each : requests.http()) {
      Reply reply =
          gate.send(each.method(), each.path(), each.bearer(), each.body(), each.headers());
      note("answer of a refused " + each.method() + " " + each.path().split("[?]")[0], reply);
    }
    for (String event : requests.direct()) {
      for (String function : List.of("vault", "identity")) {
        note("function error of " + function, gate.direct(function, event));
      }
    }
  }

  private void note(String name, Reply reply) {
    surfaces.add(name, reply);
    if (reply.status() < 400) {
      notRefused.add(name + ": " + reply + " " + reply.body());
    }
  }

  /** Items that somebody changed in the table, some to hold what a parser's message would quote. */
  private void tamper() {
    var item = rows.read(Rows.credential(agent, "one"));
    byte[] sealed = Rows.bytes(item, "sealed");
    sealed[sealed.length - 1] ^= 1;
    AttributeValue text = AttributeValue.fromS(hostile.text());
    List<Map<String, AttributeValue>> damaged =
        List.of(
            Rows.with(item, "sealed", Rows.bytes(sealed)),
            Rows.with(item, "sealed", text),
            Rows.with(item, "revision", text),
            Rows.with(item, "rotatedAt", text),
            Rows.with(item, "createdAt", text),
            Rows.with(item, "ttl", AttributeValue.fromN("1e40")));
    for (Map<String, AttributeValue> each : damaged) {
      rows.write(each);
      Reply reply = gate.get("/v0/vault/one", agent.key());
      assertThat(reply.status()).isIn(200, 500);
      surfaces.add("answer of a damaged item", reply);
      surfaces.add("answer of a damaged list", gate.get("/v0/vault", agent.key()).error());
    }
    rows.write(item);
    var identity = rows.read(Rows.identity(agent));
    for (String name : List.of("createdAt", "revision", "keyHash", "scopes", "wrappedDataKey")) {
      rows.write(Rows.with(identity, name, text));
      surfaces.add("answer of a damaged identity", gate.get("/v0/vault/one", agent.key()));
      surfaces.add(
          "answer of a damaged identity",
          gate.get("/v0/platform/identities/" + agent.id(), operator));
    }
    rows.write(identity);
  }

  private void withoutKeyService() {
    String keyId = cloud.template().keyLogicalIds().getFirst();
    String alias = "alias/local-" + keyId.toLowerCase(java.util.Locale.ROOT);
    cloud.kms().disableKey(disable -> disable.keyId(alias));
    everyCall("without KMS");
    cloud.kms().enableKey(enable -> enable.keyId(alias));
  }

  private void withoutStorage() {
    Predicate<Call> storage = call -> call.service().equals("dynamodb");
    for (Fault fault : List.of(Fault.resetBefore(), Fault.halfAnswer(), Fault.httpError(500))) {
      FaultRule rule = cloud.tap().fault(storage, fault, FaultRule.Times.ALWAYS);
      everyCall("without storage");
      cloud.tap().remove(rule);
    }
  }

  private void everyCall(String when) {
    String body = "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"" + hostile.text() + "\"}}";
    List<Reply> replies =
        List.of(
            gate.get("/v0/vault", agent.key()),
            gate.get("/v0/vault/one", agent.key()),
            gate.get("/v0/vault/one/totp", agent.key()),
            gate.send("POST", "/v0/vault/one/totp/backup", agent.key(), ""),
            gate.store(agent, "two", body),
            gate.send("POST", "/v0/platform/identities", operator, "{\"name\":\"n\"}"),
            gate.direct(
                "vault",
                "{\"action\":\"vault.store\",\"label\":\"three\",\"key\":\""
                    + agent.key()
                    + "\","
                    + body.substring(1)));
    assertThat(replies).as(when).allMatch(reply -> reply.status() >= 500);
    replies.forEach(reply -> surfaces.add("answer " + when, reply));
  }

  private void revoke() throws InterruptedException {
    Reply receipt = gate.send("DELETE", "/v0/platform/identities/" + agent.id(), operator, "");
    assertThat(receipt.status()).isEqualTo(200);
    surfaces.add("receipt", receipt);
    cloud.stream().awaitDrained(Duration.ofSeconds(60));
  }

  @Test
  void everyCanaryIsFoundWhereItBelongs() {
    assertThat(secret.isIn(read.body())).isTrue();
    assertThat(metadata.isIn(read.body())).isTrue();
    assertThat(firstBackupCode.isIn(used.body())).isTrue();
    assertThat(
            cloud.tap().calls().stream()
                .filter(Call.operation("Decrypt"))
                .anyMatch(call -> dataKey.isIn(call.answer())))
        .isTrue();
  }

  @Test
  void everyHostileRequestIsRefused() {
    assertThat(notRefused).isEmpty();
  }

  @Test
  void noCanaryIsAnywhereElse() {
    assertThat(surfaces.size()).isGreaterThan(200);
    for (Canary canary :
        List.of(
            secret,
            metadata,
            seed,
            firstBackupCode,
            backupCode,
            agentKey,
            childToken,
            operatorToken,
            dataKey)) {
      assertThat(surfaces.holding(canary)).isEmpty();
    }
  }

  @Test
  void noValueOfAFailingRequestIsRepeated() {
    assertThat(surfaces.holding(hostile).stream().filter(CanaryIT::isOursToKeep).toList())
        .isEmpty();
  }

  /** What the test itself wrote into the table, and the questions it asked with it, are its own. */
  private static boolean isOursToKeep(String place) {
    return !place.contains("dynamodb/") && !place.contains("dynamodb.");
  }

  @Test
  void aReaderSeesNeitherSeedNorUnusedBackupCodes() {
    assertThat(seed.isIn(read.body())).isFalse();
    assertThat(backupCode.isIn(read.body())).isFalse();
  }
}
