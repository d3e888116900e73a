package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import io.agentvault.renewal.TokenServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Invariant 1 for what gets access tokens: refresh tokens, given and rotated, client secret and
 * client key go to the token endpoint and turn up nowhere else, whatever the server says and
 * whatever fails. An access token is where it was asked for, and in no log, record or item.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TokenCanaryIT {
  private static final String USE = "{\"method\":\"GET\",\"url\":\"http://%s/api\"}";

  private final Canary given = Canary.fresh("refresh token");
  private final Canary rotated = Canary.fresh("rotated refresh token");
  private final Canary clientSecret = Canary.fresh("client secret");
  private final Canary accessToken = Canary.fresh("access token");
  private final Canary words = Canary.fresh("words of the server");
  private final Canary clientKey;
  private final String pem;
  private final Surfaces surfaces = new Surfaces();
  private final Surfaces handedOut = new Surfaces();
  private final TokenServer server = TokenServer.start();
  private final Path data;
  private final LocalCloud cloud;
  private final Gate gate;
  private final Agent agent;

  TokenCanaryIT() throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    String base64 =
        Base64.getEncoder().encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
    pem = "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----";
    clientKey = Canary.ofText("client key", base64.substring(48, 88)); // behind what all keys share
    data =
        Files.createTempDirectory(
            Files.createDirectories(Path.of("target/local-cloud")), "token-canary-");
    cloud =
        LocalCloud.options()
            .data(data)
            .environment("broker", "VAULT_DATA_KEY_CACHE_TTL", "0")
            .environment("broker", "VAULT_LOCAL_UPSTREAMS", server.address())
            .start();
    gate = new Gate(cloud);
    agent = gate.agent();
  }

  @BeforeAll
  void everythingHasHappened() {
    store("bearer", true, false);
    store("used", false, false);
    store("signed", true, true);
    for (String label : List.of("bearer", "signed")) {
      issue();
      handedOut.add("token of " + label, token(label));
      handedOut.add("token again of " + label, token(label));
    }
    issue();
    for (int i = 0; i < 2; i++) {
      Reply used = use("used");
      assertThat(used.status()).as(used.body()).isEqualTo(200);
      surfaces.add("answer of a use", used);
    }
    surfaces.add("refused token of what is used", token("used"));
    for (String label : List.of("bearer", "used", "signed")) {
      surfaces.add("get", gate.get("/v0/vault/" + label, agent.key()));
    }
    surfaces.add("list", gate.get("/v0/vault", agent.key()));
    surfaces.add("logs", gate.get("/v0/logs?limit=200", agent.key()));
    fail();
    surfaces.addProcesses(gate);
    surfaces.addFiles(cloud.logs());
    surfaces.addFiles(data.resolve("dynamodb"));
    surfaces.addTable(new Rows(gate));
    surfaces.addWire(gate);
  }

  /** What the server says, and every fault of storage, while a token is to be renewed. */
  private void fail() {
    String error = "{\"error\":\"%s\",\"error_description\":\"%s\"}";
    List<Map.Entry<Integer, String>> answers =
        List.of(
            Map.entry(400, error.formatted("invalid_request", words.text())),
            Map.entry(200, error.formatted(words.text(), words.text())),
            Map.entry(500, words.text()),
            Map.entry(200, "{\"access_token\":\"" + accessToken.text() + "\n\"}"),
            Map.entry(400, error.formatted("invalid_grant", words.text())));
    for (Map.Entry<Integer, String> each : answers) {
      store("failing", true, false);
      server.next(each.getKey(), each.getValue());
      Reply reply = token("failing");
      assertThat(reply.status()).isIn(409, 502);
      surfaces.add("refused token", reply);
      surfaces.add("refused use", use("failing"));
    }
    for (Fault fault : List.of(Fault.resetBefore(), Fault.halfAnswer(), Fault.httpError(500))) {
      for (int from = 1; from <= 4; from++) {
        store("failing", true, false);
        issue();
        int first = from;
        FaultRule rule =
            cloud.tap().fault(call -> call.function().equals("broker"), fault, n -> n >= first);
        Reply reply = token("failing");
        cloud.tap().remove(rule);
        assertThat(reply.succeeded()).isFalse();
        surfaces.add("token without storage", reply);
      }
    }
  }

  private void store(String label, boolean reveal, boolean signs) {
    ObjectNode credential = server.usable(server.credential(given.text()), reveal);
    ObjectNode fields = (ObjectNode) credential.path("data");
    if (signs) {
      fields.remove("clientSecret");
      fields.put("clientAuth", "private_key_jwt").put("clientKey", pem);
    } else {
      fields.put("clientSecret", clientSecret.text());
    }
    if (label.equals("failing")) {
      var _ = gate.send("DELETE", "/v0/vault/failing", agent.key(), "");
    }
    Reply stored = gate.store(agent, label, credential.toString());
    assertThat(stored.status()).as(stored.body()).isEqualTo(200);
    surfaces.add("answer of a store", stored);
  }

  private void issue() {
    server.next(
        200,
        "{\"access_token\":\"%s\",\"refresh_token\":\"%s\",\"expires_in\":3600}"
            .formatted(accessToken.text(), rotated.text()));
  }

  private Reply token(String label) {
    return gate.get("/v0/vault/" + label + "/token", agent.key());
  }

  private Reply use(String label) {
    return gate.send(
        "POST", "/v0/vault/" + label + "/use", agent.key(), USE.formatted(server.address()));
  }

  @AfterAll
  void stop() {
    cloud.close();
    server.close();
  }

  @Test
  void everyCanaryIsFoundWhereItBelongs() {
    List<String> asked = new ArrayList<>();
    server.exchanges().forEach(each -> asked.add(each.form() + each.authorization()));
    assertThat(asked).anyMatch(given::isIn).anyMatch(clientSecret::isIn);
    assertThat(handedOut.holding(accessToken)).hasSize(4);
  }

  @Test
  void whatGetsTokensIsNowhereElse() {
    assertThat(surfaces.size()).isGreaterThan(100);
    for (Canary canary : List.of(given, rotated, clientSecret, clientKey, words)) {
      assertThat(surfaces.holding(canary)).isEmpty();
      assertThat(handedOut.holding(canary)).isEmpty();
    }
  }

  @Test
  void anAccessTokenIsInNoLogRecordItemOrError() {
    assertThat(surfaces.holding(accessToken)).isEmpty();
  }
}
