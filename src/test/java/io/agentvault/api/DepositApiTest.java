package io.agentvault.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.vault.HostPattern;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deposits as a client, an operator and a page see them. */
class DepositApiTest {
  private static final String WISH =
      "{\"label\":\"github\",\"use\":{\"allow\":[{\"host\":\"api.github.com\"}]}}";

  private final Planes planes = new Planes();
  private final String key = Bodies.text(planes.world.agent());

  private JsonNode http(String method, String path, String bearer, String body) {
    ObjectNode event = Events.http(method, path);
    event.withObject("headers").put("authorization", "Bearer " + bearer);
    event.withObject("requestContext").put("domainName", "vault.example.com");
    if (!body.isEmpty()) {
      event.put("body", body);
    }
    return planes.invoke(planes.broker, event);
  }

  private static JsonNode body(JsonNode response) {
    return Events.parse(
        response.path("body").asText().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private JsonNode asked() {
    JsonNode response = http("POST", "/v0/deposits", key, WISH);
    assertThat(response.path("statusCode").asInt()).isEqualTo(201);
    return body(response);
  }

  private static String token(JsonNode asked) {
    return asked.path("url").asText().split("#", -1)[1];
  }

  @Test
  void theLinkHasItsSecretBehindTheHashAndTheCodeBesideIt() {
    JsonNode asked = asked();
    assertThat(asked.path("url").asText())
        .startsWith("https://vault.example.com/deposit#avd_" + key.substring(4, 30))
        .doesNotContain(asked.path("code").asText());
    assertThat(asked.path("code").asText()).matches("[0-9A-Z]{4}-[0-9A-Z]{4}");
  }

  @Test
  void thePageIsShownAndHandsIn() {
    JsonNode asked = asked();
    String path = "/v0/deposits/" + asked.path("depositId").asText();
    JsonNode shown = body(http("GET", path, token(asked), ""));
    assertThat(shown.path("label").asText()).isEqualTo("github");
    assertThat(shown.at("/use/reveal").asBoolean(true)).isFalse();
    assertThat(shown.path("tenant").asText()).isEqualTo("acme");
    String redemption =
        "{\"code\":\"" + asked.path("code").asText() + "\",\"data\":{\"key\":\"sk-canary-1\"}}";
    JsonNode stored = http("POST", path, token(asked), redemption);
    assertThat(body(stored)).hasToString("{\"stored\":true}");
    assertThat(http("POST", path, token(asked), redemption).path("statusCode").asInt())
        .isEqualTo(409);
    assertThat(body(http("GET", "/v0/deposits", key, "")).at("/deposits/0/redeemed").asBoolean())
        .isTrue();
    assertThat(planes.lines.toString()).doesNotContain("sk-canary").doesNotContain(token(asked));
  }

  @ParameterizedTest
  @ValueSource(strings = {"another deposit", "an agent key", "nothing"})
  void aTokenOpensItsOwnDepositAlone(String what) {
    JsonNode asked = asked();
    String id = asked.path("depositId").asText();
    JsonNode response =
        switch (what) {
          case "another deposit" ->
              http("GET", "/v0/deposits/" + id.replace(id.charAt(3), 'z'), token(asked), "");
          case "an agent key" -> http("GET", "/v0/deposits/" + id, key, "");
          default -> http("GET", "/v0/deposits/" + id, "", "");
        };
    assertThat(response.path("statusCode").asInt()).isEqualTo(401);
  }

  @Test
  void anInvocationWithoutANameForItsLinksIsRefused() {
    String event =
        WISH.replaceFirst("\\{", "{\"action\":\"vault.requestDeposit\",\"key\":\"" + key + "\",");
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> planes.direct(planes.broker, event))
        .hasMessageContaining("PublicUrl");
  }

  @Test
  void anOperatorsReplacementIsNoMoreReadableThanWhatItReplaces() {
    String store =
        "{\"type\":\"API_KEY\",\"data\":{\"key\":\"sk-canary-0\"},\"use\":{\"reveal\":false,"
            + "\"allow\":[{\"host\":\"api.github.com\"}]}}";
    ObjectNode put = Events.http("PUT", "/v0/vault/github", key);
    planes.body(200, planes.invoke(planes.vault, put.put("body", store)));
    List<String> wishes =
        List.of("", ",\"use\":{\"reveal\":true,\"allow\":[{\"host\":\"a.example\"}]}");
    for (String use : wishes) {
      ObjectNode wish =
          Events.http(
              "POST",
              "/v0/platform/identities/" + key.substring(4, 30) + "/deposits",
              planes.issuer.valid());
      wish.withObject("requestContext").put("domainName", "vault.example.com");
      wish.put("body", "{\"label\":\"github\",\"replace\":true" + use + "}");
      JsonNode asked = planes.body(201, planes.invoke(planes.identity, wish));
      String path = "/v0/deposits/" + asked.path("depositId").asText();
      JsonNode shown = body(http("GET", path, token(asked), ""));
      assertThat(shown.at("/use/reveal").asBoolean(true)).isFalse();
      assertThat(shown.at("/use/allow")).isNotEmpty();
      String handedIn =
          "{\"code\":\"" + asked.path("code").asText() + "\",\"data\":{\"key\":\"sk-canary-1\"}}";
      assertThat(body(http("POST", path, token(asked), handedIn)).path("stored").asBoolean())
          .isTrue();
      JsonNode got = planes.invoke(planes.vault, Events.http("GET", "/v0/vault/github", key));
      assertThat(got.path("statusCode").asInt()).isEqualTo(403);
    }
  }

  @Test
  void aDepositBeyondTheDeploymentsHostsIsRefusedWhenItIsAskedFor() {
    Endpoint bounded =
        new Endpoint(
            new BrokerApi(
                planes.world.vaults,
                planes.uses(),
                new Links(Optional.of("https://vault.example.com")),
                (exchange, deadline) -> {
                  throw new AssertionError();
                },
                new SigningKeys(Optional.empty(), Optional.empty()),
                Optional.empty(),
                List.of(HostPattern.parse("ceiling", "*.example.com"))),
            planes.log);
    ObjectNode event = Events.http("POST", "/v0/deposits", key).put("body", WISH);
    JsonNode refused = planes.body(400, planes.invoke(bounded, event));
    assertThat(refused.path("message").asText()).contains("use.allow[0].host");
  }

  @Test
  void aRequestOverItsLimitIsToldTheLimitOfItsRoute() {
    String large = "x".repeat(4 * 1024 * 1024 + 1);
    assertThat(body(http("POST", "/v0/vault/a/use", key, large)).path("message").asText())
        .isEqualTo("request must be at most 4 MiB");
    JsonNode refused = body(http("POST", "/v0/deposits", key, "x".repeat(200_000)));
    assertThat(refused.path("message").asText()).isEqualTo("request must be at most 128 KiB");
    JsonNode overMcp = body(http("POST", "/mcp", key, "x".repeat(200_000)));
    assertThat(overMcp.path("jsonrpc").asText()).isEqualTo("2.0");
    assertThat(overMcp.at("/error/code").asInt()).isEqualTo(413);
  }

  @Test
  void thePageLoadsNothingAndItsPolicyHasNoException() {
    JsonNode page = planes.invoke(planes.broker, Events.http("GET", "/deposit"));
    assertThat(page.at("/headers/content-security-policy").asText())
        .matches(
            "default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; connect-src"
                + " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.at("/headers/referrer-policy").asText()).isEqualTo("no-referrer");
    assertThat(page.at("/headers/cache-control").asText()).isEqualTo("no-store");
    assertThat(page.path("headers").has("set-cookie")).isFalse();
    String html = page.path("body").asText().toLowerCase(Locale.ROOT);
    assertThat(html)
        .doesNotContain(" src=")
        .doesNotContain(" href=")
        .doesNotContain("style=\"")
        .doesNotContainPattern("\\son[a-z]+=\"")
        .doesNotContain("innerhtml")
        .doesNotContain("localstorage");
    assertThat(html.split("<script>", -1)).hasSize(2);
    assertThat(html.split("<style>", -1)).hasSize(2);
  }
}
