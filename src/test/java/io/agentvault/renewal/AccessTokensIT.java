package io.agentvault.renewal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.firstuse.Client;
import io.agentvault.local.LocalCloud;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Contract §5, access tokens: what their caller gets, and whom the vault asks for it. */
class AccessTokensIT {
  private static final TokenServer server = TokenServer.start();
  private static final LocalCloud cloud =
      LocalCloud.options()
          .environment("broker", "VAULT_LOCAL_UPSTREAMS", server.address())
          .maxInstances(6)
          .start();
  private static final String TOKEN = "/v0/vault/mail/token";

  private final Client agent = Client.newAgent(cloud);
  private final int before = server.exchanges().size();

  @AfterAll
  static void stop() {
    cloud.close();
    server.close();
  }

  private ObjectNode store(boolean reveal) {
    ObjectNode credential = server.usable(server.credential(server.consent()), reveal);
    assertThat(agent.put("mail", credential).status()).isEqualTo(200);
    return credential;
  }

  private static JsonNode answered(Client.Response response) {
    assertThat(response.status()).as(response.body().toString()).isEqualTo(200);
    return response.body();
  }

  private Client.Response use() {
    return agent.send(
        "POST",
        "/v0/vault/mail/use",
        "{\"method\":\"GET\",\"url\":\"http://" + server.address() + "/api\"}");
  }

  private int renewals() {
    return server.exchanges().size() - before;
  }

  private Client narrowed(String scopes) {
    return Client.of(
        cloud,
        agent
            .send("POST", "/v0/tokens", "{\"scopes\":[" + scopes + "]}")
            .body()
            .path("token")
            .asText());
  }

  @Test
  void aTokenIsAnsweredAsTheContractSaysAndAskedForOnce() {
    store(true);
    Instant begun = Instant.now();
    JsonNode first = answered(agent.get(TOKEN));
    assertThat(first.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("accessToken", "tokenType", "expiresAt", "scope");
    assertThat(first.path("tokenType").asText()).isEqualTo("Bearer");
    assertThat(first.path("scope").isNull()).isTrue();
    assertThat(Instant.parse(first.path("expiresAt").asText()))
        .isBetween(begun.plusSeconds(3599), Instant.now().plusSeconds(3601));
    assertThat(answered(agent.get(TOKEN))).isEqualTo(first);
    assertThat(renewals()).isOne();

    String body =
        "{\"action\":\"vault.token\",\"key\":\"" + agent.bearer() + "\",\"label\":\"mail\"}";
    assertThat(cloud.invoke("broker", body.getBytes(UTF_8)).outcome().text())
        .contains(first.path("accessToken").asText());
  }

  @Test
  void whatIsOnlyUsedIsNeverHandedOut() {
    store(false);
    Client.Response refused = agent.get(TOKEN);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body().path("error").asText()).isEqualTo("forbidden");
    assertThat(renewals()).isZero();
    assertThat(answered(use()).path("status").asInt()).isEqualTo(200);
    assertThat(agent.get(TOKEN).status()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"vault:use\"',200",
    "'\"vault:read\"',200",
    "'\"vault:totp\",\"vault:write\"',403"
  })
  void theScopeToUseIsEnough(String scopes, int status) {
    store(true);
    Client helper = narrowed(scopes);
    assertThat(helper.get(TOKEN).status()).isEqualTo(status);
    if (scopes.contains("use")) {
      assertThat(helper.get("/v0/vault/mail").status()).isEqualTo(403);
    }
  }

  @Test
  void aUseRenewsByItselfAndKeepsTheRotatedRefreshToken() {
    server.lasting(Optional.of(30)); // less than a minute: each use renews
    try {
      store(false);
      for (int use = 1; use <= 3; use++) {
        assertThat(answered(use()).path("status").asInt()).isEqualTo(200);
        assertThat(renewals()).isEqualTo(use);
      }
    } finally {
      server.lasting(Optional.of(3600));
    }
    assertThat(server.exchanges().subList(before, before + 3))
        .extracting(TokenServer.Exchange::presented)
        .doesNotHaveDuplicates();
  }

  @Test
  void manyAtOnceAreOneRenewalAndOneToken() throws InterruptedException, ExecutionException {
    store(true);
    List<Callable<Client.Response>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(() -> agent.get(TOKEN));
    }
    Set<String> tokens = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(50)) {
      for (Future<Client.Response> each : threads.invokeAll(all)) {
        tokens.add(answered(each.get()).path("accessToken").asText());
      }
    }
    assertThat(tokens).hasSize(1);
    assertThat(renewals()).isOne();
  }

  @Test
  void whatTheServerLeavesUnsaidIsFiveMinutesAndTheRefreshTokenStays() {
    store(true);
    server.next(200, "{\"access_token\":\"at-unsaid\"}");
    Instant begun = Instant.now();
    JsonNode first = answered(agent.get(TOKEN));
    assertThat(Instant.parse(first.path("expiresAt").asText()))
        .isBetween(begun.plusSeconds(299), Instant.now().plusSeconds(301));
    assertThat(first.path("tokenType").asText()).isEqualTo("Bearer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "200|{\"error\":\"canary\",\"error_description\":\"canary\"}|502|upstream_unreachable",
        "200|{\"token_type\":\"canary\"}|502|upstream_unreachable",
        "500|canary|502|upstream_unreachable",
        "302|{}|502|upstream_unreachable",
        "401|{\"error\":\"invalid_client\",\"error_description\":\"canary\"}|409|reauthorize",
        "400|{\"error\":\"invalid_grant\",\"error_description\":\"canary\"}|409|reauthorize"
      })
  void aFailureIsToldInOurWordsAndTheNextOneWorks(
      int status, String body, int answer, String error) {
    store(true);
    server.next(status, body);
    Client.Response failed = agent.get(TOKEN);
    assertThat(failed.status()).isEqualTo(answer);
    assertThat(failed.body().path("error").asText()).isEqualTo(error);
    assertThat(failed.body().toString()).doesNotContain("canary");
    if (!body.contains("invalid_grant")) {
      assertThat(agent.get(TOKEN).status()).isEqualTo(200);
    }
  }

  @Test
  void aRefusedGrantIsSaidInBothWaysAndADepositMendsIt() {
    store(false);
    server.next(400, "{\"error\":\"invalid_grant\"}");
    for (int i = 0; i < 2; i++) {
      Client.Response refused = use();
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.body().path("error").asText()).isEqualTo("reauthorize");
      assertThat(refused.body().path("message").asText()).contains("deposit");
    }
    assertThat(renewals()).as("told again without asking").isOne();

    JsonNode asked =
        answered(
            agent.send(
                "POST",
                "/v0/deposits",
                "{\"label\":\"mail\",\"type\":\"OAUTH\",\"replace\":true,\"use\":{\"allow\":[{\"host\":\""
                    + server.address()
                    + "\"}]}}"),
            201);
    String token = asked.path("url").asText().split("#", 2)[1];
    ObjectNode handedIn = Client.JSON.createObjectNode().put("code", asked.path("code").asText());
    handedIn.set("data", server.credential(server.consent()).path("data"));
    answered(
        Client.of(cloud, token)
            .send("POST", "/v0/deposits/" + asked.path("depositId").asText(), handedIn.toString()));
    assertThat(answered(use()).path("status").asInt()).isEqualTo(200);
  }

  private static JsonNode answered(Client.Response response, int status) {
    assertThat(response.status()).as(response.body().toString()).isEqualTo(status);
    return response.body();
  }

  @Test
  void theReceiptSaysUntilWhenAHandedOutTokenWorksAndNothingWorksHereAfter() {
    store(true);
    Instant end = Instant.parse(answered(agent.get(TOKEN)).path("expiresAt").asText());
    String id = answered(agent.get("/v0/whoami")).path("identityId").asText();
    JsonNode receipt =
        answered(Client.operator(cloud, "tests").delete("/v0/platform/identities/" + id));
    assertThat(
            Duration.between(end, Instant.parse(receipt.path("accessTokensValidUntil").asText())))
        .isBetween(Duration.ZERO, Duration.ofSeconds(1));
    assertThat(agent.get(TOKEN).status()).isEqualTo(401);
    assertThat(renewals()).isOne();
  }
}
