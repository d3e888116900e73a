package io.agentvault.mcp;

import static io.agentvault.mcp.Post.error;
import static io.agentvault.mcp.Post.result;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The MUSTs of the specification that concern a server with tools, by section. */
class McpTest {
  private final FakeActions agent =
      new FakeActions("a", "vault:read", "vault:write", "vault:totp", "vault:use");

  // basic, "Requests" and "Responses"

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "7",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
        "{\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}"
      })
  void requests_whatIsNoRequestIsRefused(String body) {
    Outgoing out = Post.legacy("ping").sent(body, agent);
    assertThat(out.status()).isEqualTo(400);
    assertThat(error(out)).isEqualTo(-32600);
    assertThat(agent.performed).isEmpty();
  }

  @Test
  void requests_whatIsNoJsonIsAParseErrorThatQuotesNothing() {
    Outgoing out = Post.legacy("ping").sent("{\"canary-4711", agent);
    assertThat(error(out)).isEqualTo(-32700);
    assertThat(out.toString()).doesNotContain("canary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a\"", "9007199254740993"})
  void responses_haveTheIdOfTheRequest(String id) throws Exception {
    Post post = Post.modern("server/discover");
    post.message.set("id", Post.JSON.readTree(id));
    assertThat(post.to(agent).body().orElseThrow().get("id")).hasToString(id);
    post.message.put("method", "nothing");
    post.headers.put("mcp-method", "nothing");
    assertThat(post.to(agent).body().orElseThrow().get("id")).hasToString(id);
  }

  @Test
  void responses_modernResultsSayTheirTypeAndWhoAnswers() {
    JsonNode result = result(Post.modern("tools/list").to(agent));
    assertThat(result.path("resultType").asText()).isEqualTo("complete");
    assertThat(result.at("/_meta/io.modelcontextprotocol~1serverInfo").toString())
        .isEqualTo("{\"name\":\"agent-vault\",\"version\":\"1.2.3\"}");
  }

  // basic, "_meta"

  @ParameterizedTest
  @ValueSource(strings = {Era.VERSION_KEY, Era.CAPABILITIES_KEY, "_meta"})
  void meta_aMissingFieldIs400InvalidParams(String field) {
    Post post = Post.modern("tools/list");
    post.params().remove(field);
    ((ObjectNode) post.params().withObject("_meta")).remove(field);
    Outgoing out = post.to(agent);
    assertThat(out.status()).isEqualTo(400);
    assertThat(error(out)).isEqualTo(-32602);
  }

  // basic/versioning, "Protocol version negotiation"

  @ParameterizedTest
  @CsvSource({
    "1900-01-01,1900-01-01",
    "2025-11-25,2025-11-25",
    "v999.0.0,v999.0.0",
    "avk_canary,unknown"
  })
  void versioning_anotherVersionIsToldWhichThereAre(String version, String requested) {
    Post post = Post.modern("tools/list");
    post.headers.put("mcp-protocol-version", version);
    ((ObjectNode) post.params().get("_meta")).put(Era.VERSION_KEY, version);
    Outgoing out = post.to(agent);
    assertThat(out.status()).isEqualTo(400);
    assertThat(error(out)).isEqualTo(-32022);
    assertThat(out.body().orElseThrow().at("/error/data"))
        .hasToString(
            "{\"supported\":[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\"],\"requested\":\""
                + requested
                + "\"}");
  }

  @Test
  void versioning_aLegacyRequestOfAnUnknownVersionIsRefused() {
    Post post = Post.legacy("tools/list");
    post.headers.put("mcp-protocol-version", "2019-01-01");
    assertThat(post.to(agent).status()).isEqualTo(400);
  }

  // server/discover

  @Test
  void discover_namesVersionsCapabilitiesAndHowLongItHolds() {
    JsonNode result = result(Post.modern("server/discover").to(agent));
    assertThat(result.path("supportedVersions")).hasSize(3);
    assertThat(result.path("capabilities")).hasToString("{\"tools\":{}}");
    assertThat(result.path("ttlMs").asInt()).isPositive();
    assertThat(result.path("cacheScope").asText()).isEqualTo("private");
  }

  // basic/transports/streamable-http, "Security & endpoint"

  @ParameterizedTest
  @CsvSource({
    "vault.example,https://vault.example,,200",
    "vault.example,https://console.example,,200",
    "vault.example,https://evil.example,,403",
    "vault.example,https://vault.example.evil.example,,403",
    "vault.example,null,,403",
    "vault.example,http://localhost:3000,,403",
    "vault.example,https://vault.example,behind.example,200",
    "vault.example,https://console.example:8443,,403",
    "localhost:8080,http://localhost:3000,localhost:8080,200",
    "localhost:8080,http://127.0.0.1:3000,[::1]:8080,200",
    "127.0.0.1:8080,http://evil.example,127.0.0.1:8080,403",
    "127.0.0.1:8080,,evil.example,403"
  })
  void security_aForeignOriginIs403(String domain, String origin, String host, int status) {
    Post post = Post.modern("tools/list");
    post.domain = Optional.of(domain);
    Optional.ofNullable(origin).ifPresent(text -> post.headers.put("origin", text));
    Optional.ofNullable(host).ifPresent(text -> post.headers.put("host", text));
    assertThat(post.to(agent).status()).isEqualTo(status);
  }

  // basic/transports/streamable-http, "Sending messages"

  @Test
  void sending_aNotificationIs202WithoutABody() {
    Post modern = Post.modern("notifications/cancelled");
    Post legacy = Post.legacy("notifications/initialized");
    for (Post post : List.of(modern, legacy)) {
      post.message.remove("id");
      assertThat(post.to(agent).status()).isEqualTo(202);
      assertThat(post.to(agent).body()).isEmpty();
    }
    assertThat(agent.performed).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE", "PUT"})
  void sending_onlyPostIsAllowed(String method) {
    Post post = Post.modern("tools/list");
    post.method = method;
    assertThat(post.to(agent).status()).isEqualTo(405);
    assertThat(post.to(agent).headers()).containsEntry("allow", "POST");
  }

  // basic/transports/streamable-http, "Server validation"

  @ParameterizedTest
  @CsvSource({
    "mcp-protocol-version,",
    "mcp-protocol-version,2025-11-25",
    "mcp-method,",
    "mcp-method,tools/list",
    "mcp-method,TOOLS/CALL",
    "mcp-name,",
    "mcp-name,vault_get",
    "mcp-name,=?base64?dmF1bHRfZ2V0?=",
    "mcp-name,=?base64?*?=",
    "mcp-name,=?base64?="
  })
  void validation_aHeaderThatDiffersFromTheBodyIsAMismatch(String name, String value) {
    Post post = Post.modern("tools/call").calling("vault_whoami");
    post.headers.remove(name);
    Optional.ofNullable(value).ifPresent(text -> post.headers.put(name, text));
    Outgoing out = post.to(agent);
    assertThat(out.status()).isEqualTo(400);
    assertThat(error(out)).isEqualTo(-32020);
    assertThat(agent.performed).isEmpty();
  }

  @Test
  void validation_anEncodedNameIsDecodedFirst() {
    Post post = Post.modern("tools/call").calling("vault_whoami");
    post.headers.put("mcp-name", "=?base64?dmF1bHRfd2hvYW1p?=");
    assertThat(post.to(agent).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"resources/list,404", "ping,404", "initialize,404"})
  void validation_anUnknownMethodIs404(String rpc, int status) {
    Outgoing out = Post.modern(rpc).to(agent);
    assertThat(out.status()).isEqualTo(status);
    assertThat(error(out)).isEqualTo(-32601);
  }

  // 2025-11-25 and 2025-06-18: basic/lifecycle, basic/utilities/ping, basic/transports

  @ParameterizedTest
  @CsvSource({
    "2025-11-25,2025-11-25",
    "2025-06-18,2025-06-18",
    "2024-11-05,2025-11-25",
    "2026-07-28,2025-11-25"
  })
  void lifecycle_initializeAgreesOnAVersionWithoutASession(String asked, String agreed) {
    Post post = Post.legacy("initialize");
    post.params().put("protocolVersion", asked);
    Outgoing out = post.to(agent);
    assertThat(result(out).path("protocolVersion").asText()).isEqualTo(agreed);
    assertThat(result(out).at("/serverInfo/name").asText()).isEqualTo("agent-vault");
    assertThat(out.headers()).doesNotContainKey("mcp-session-id");
  }

  @Test
  void lifecycle_olderResultsAreFreeOfWhatCameLater() {
    assertThat(result(Post.legacy("ping").to(agent))).hasToString("{}");
    assertThat(result(Post.legacy("tools/list").to(agent)).has("ttlMs")).isFalse();
    Outgoing unknown = Post.legacy("server/discover").to(agent);
    assertThat(unknown.status()).isEqualTo(200);
    assertThat(error(unknown)).isEqualTo(-32601);
  }

  // basic/authorization, as far as a server without an authorization server has one

  @ParameterizedTest
  @ValueSource(strings = {"server/discover", "tools/list", "tools/call"})
  void authorization_whoIsNobodyIsChallenged(String rpc) {
    agent.refusal = Optional.of(new Unauthorized());
    Outgoing out = Post.modern(rpc).calling("vault_list").to(agent);
    assertThat(out.status()).isEqualTo(401);
    assertThat(out.headers()).containsEntry("www-authenticate", "Bearer realm=\"agent-vault\"");
    assertThat(out.body().orElseThrow().at("/error/data/error").asText()).isEqualTo("unauthorized");
  }

  @Test
  void authorization_whereThatCannotBeToldNowTheClientIsToldWhen() {
    agent.refusal = Optional.of(new Unavailable("storage", 7));
    Outgoing out = Post.modern("tools/list").to(agent);
    assertThat(out.status()).isEqualTo(503);
    assertThat(out.headers()).containsOnly(Map.entry("retry-after", "7"));
  }

  // server/tools

  @Test
  void tools_theListFitsIn8000BytesAndIsAlwaysTheSame() {
    String once = Post.modern("tools/list").to(agent).body().orElseThrow().toString();
    assertThat(once.getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
        .isLessThanOrEqualTo(8_000);
    assertThat(Post.modern("tools/list").to(agent).body().orElseThrow()).hasToString(once);
    result(Post.modern("tools/list").to(agent))
        .path("tools")
        .forEach(
            tool -> {
              assertThat(tool.at("/inputSchema/type").asText()).isEqualTo("object");
              assertThat(tool.path("annotations").path("readOnlyHint").isBoolean()).isTrue();
              assertThat(tool.has("outputSchema"))
                  .isEqualTo(!tool.path("name").asText().equals("vault_use"));
            });
  }

  @ParameterizedTest
  @CsvSource({
    "vault:totp,vault_totp vault_whoami vault_logs vault_create_token",
    "vault:write,vault_request_secret vault_store vault_delete vault_use_backup_code vault_whoami"
        + " vault_logs vault_create_token",
    "vault:use,vault_list vault_use vault_totp vault_token vault_request_secret vault_whoami"
        + " vault_logs vault_create_token",
    "vault:read,vault_list vault_use vault_totp vault_token vault_whoami vault_logs vault_get"
        + " vault_create_token"
  })
  void tools_onlyThoseThatTheScopesAllowAreListed(String scope, String names) {
    JsonNode tools =
        result(Post.modern("tools/list").to(new FakeActions("a", scope))).path("tools");
    assertThat(tools.valueStream().map(tool -> tool.path("name").asText()))
        .containsExactly(names.split(" "));
  }

  @Test
  void tools_anUnknownToolIsAProtocolError() {
    assertThat(error(Post.modern("tools/call").calling("vault_burn").to(agent))).isEqualTo(-32602);
    Post post = Post.modern("tools/call").calling("vault_list");
    post.params().put("arguments", 7);
    assertThat(error(post.to(agent))).isEqualTo(-32602);
    Post paged = Post.modern("tools/list");
    paged.params().put("cursor", "x");
    assertThat(error(paged.to(agent))).isEqualTo(-32602);
  }

  @Test
  void tools_aResultIsTextAndStructureButAnUpstreamsBodyIsGivenOnce() {
    agent.handedIn = true;
    JsonNode list = result(Post.modern("tools/call").calling("vault_list").to(agent));
    assertThat(list.at("/content/0/text").asText())
        .isEqualTo(list.path("structuredContent").toString());
    Outgoing use = Post.modern("tools/call").calling("vault_use").to(agent);
    assertThat(use.body().orElseThrow().toString()).containsOnlyOnce("<ok>");
  }

  @Test
  void tools_aFailureIsAResultWithOurCode() {
    agent.failure = Optional.of(new Unavailable("storage", 1));
    Outgoing out = Post.modern("tools/call").calling("vault_list").to(agent);
    assertThat(out.status()).isEqualTo(200);
    assertThat(result(out).path("isError").asBoolean()).isTrue();
    assertThat(result(out).at("/content/0/text").asText()).contains("\"error\":\"unavailable\"");
  }
}
