package io.agentvault.handin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import io.agentvault.firstuse.Client;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.host.Loopback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The official clients, unmodified, with everything that a vault offers to a model. */
class OfficialClientsIT {
  private static final String SECRET = "sk-handed-in-by-a-person";
  private static final Pattern LINK = Pattern.compile("(http\\S+/deposit#avd_\\w+)");
  private static final Pattern CODE = Pattern.compile("code ([0-9A-Z]{4}-[0-9A-Z]{4})");
  private static final Loopback upstream =
      Loopback.start("upstream", 0, OfficialClientsIT::answered);

  @SuppressWarnings("NullAway.Init")
  private static LocalCloud cloud;

  @BeforeAll
  static void start() {
    cloud =
        LocalCloud.options()
            .environment("broker", "VAULT_LOCAL_UPSTREAMS", "127.0.0.1:" + upstream.port())
            .start();
  }

  @AfterAll
  @SuppressWarnings("UnnecessarilyVisible")
  static void stop() {
    cloud.close();
    upstream.close();
  }

  /** An API that wants the secret, and a token endpoint. */
  private static void answered(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    boolean isToken = exchange.getRequestURI().getPath().equals("/token");
    boolean known = isToken || ("Bearer " + SECRET).equals(given);
    String body =
        isToken
            ? "{\"access_token\":\"an-access-token\",\"token_type\":\"Bearer\",\"expires_in\":900}"
            : "{\"hello\":" + known + "}";
    Loopback.answer(
        exchange, known ? 200 : 401, "application/json", body.getBytes(StandardCharsets.US_ASCII));
  }

  private final Client agent = Client.newAgent(cloud);
  private final List<String> called = new ArrayList<>();

  private static String at(String path) {
    return "http://127.0.0.1:" + upstream.port() + path;
  }

  private static String use(String label) {
    return "{\"label\":\"" + label + "\",\"method\":\"GET\",\"url\":\"" + at("/hello") + "\"}";
  }

  private JsonNode call(OfficialClient client, String tool, String arguments) {
    JsonNode result = client.call(tool, arguments.replace('\'', '"'));
    assertThat(result.path("isError").asBoolean()).as(tool + ": " + result).isFalse();
    called.add(tool);
    return result;
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "typescript-1,legacy,2025-11-25",
    "typescript-2,legacy,2025-11-25",
    "typescript-2,auto,2026-07-28",
    "typescript-2,2026-07-28,2026-07-28",
    "python-1,legacy,2025-11-25",
    "python-2,legacy,2025-11-25",
    "python-2,auto,2026-07-28",
    "python-2,2026-07-28,2026-07-28",
    "java,legacy,2025-11-25"
  })
  void listsAndCallsEveryToolAndFollowsAnElicitation(String name, String mode, String version) {
    try (OfficialClient client =
        OfficialClient.start(name, mode, cloud.url() + "/mcp", agent.bearer(), this::handsIn)) {
      assertThat(client.version()).isEqualTo(version);
      List<String> tools = client.tools();
      everyTool(client);
      assertThat(called).containsAll(tools);

      JsonNode asked = client.call("vault_use", use("missing"));
      if (version.equals("2026-07-28")) { // the client came back by itself
        assertThat(OfficialClient.text(asked)).contains("\\\"hello\\\":true");
      } else {
        assertThat(asked.path("isError").asBoolean()).isTrue();
        handIn(OfficialClient.text(asked));
        assertThat(OfficialClient.text(call(client, "vault_use", use("missing"))))
            .contains("\\\"hello\\\":true");
      }
    }
  }

  private void everyTool(OfficialClient client) {
    String policy = "'use':{'allow':[{'host':'127.0.0.1:" + upstream.port() + "'}]}";
    call(client, "vault_whoami", "{}");
    call(
        client,
        "vault_store",
        "{'label':'a','type':'API_KEY','data':{'key':'" + SECRET + "'}," + policy + "}");
    call(
        client,
        "vault_store",
        "{'label':'codes','type':'TOTP','data':{'secret':'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',"
            + "'backupCodes':['one','two']}}");
    call(
        client,
        "vault_store",
        "{'label':'oauth','type':'OAUTH','data':{'tokenUrl':'"
            + at("/token")
            + "','clientId':'c','clientSecret':'a-client-secret','grant':'client_credentials'}}");
    assertThat(OfficialClient.text(call(client, "vault_list", "{}"))).contains("\"oauth\"");
    assertThat(OfficialClient.text(call(client, "vault_get", "{'label':'a'}"))).contains(SECRET);
    assertThat(OfficialClient.text(call(client, "vault_use", use("a"))))
        .contains("\\\"hello\\\":true");
    call(client, "vault_totp", "{'label':'codes'}");
    call(client, "vault_use_backup_code", "{'label':'codes'}");
    assertThat(OfficialClient.text(call(client, "vault_token", "{'label':'oauth'}")))
        .contains("an-access-token");
    call(client, "vault_request_secret", "{'label':'later','type':'TOTP'}");
    call(client, "vault_create_token", "{'labels':['a'],'expiresIn':60}");
    assertThat(OfficialClient.text(call(client, "vault_logs", "{'action':'vault.get'}")))
        .contains("vault.get")
        .doesNotContain("vault.store");
    call(client, "vault_delete", "{'label':'a'}");
  }

  private String handsIn(JsonNode page) {
    handIn(page.path("page").asText() + " " + page.path("message").asText());
    return "accept";
  }

  private static void handIn(String told) {
    try (Browser browser = Browser.installed()) {
      browser.open(found(LINK, told));
      browser.await("#field-key").type("#field-key", SECRET);
      browser.type("#code", found(CODE, told));
      browser.click("#send");
      browser.await("#done-message");
    }
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"decline", "cancel"})
  void whoDeclinesIsNotAskedAgainAndTheLinkIsWithdrawn(String action) {
    try (OfficialClient client =
        OfficialClient.start(
            "typescript-2",
            "2026-07-28",
            cloud.url() + "/mcp",
            agent.bearer(),
            page -> {
              called.add(page.path("page").asText());
              return action;
            })) {
      client.tools();
      JsonNode result = client.call("vault_use", use("missing"));
      assertThat(OfficialClient.text(result)).contains("did not hand the secret in");
    }
    assertThat(called).hasSize(1);
    assertThat(agent.get("/v0/deposits").body().path("deposits")).isEmpty();
  }

  /** One process a call; it has no person to send anywhere, so it is told the link as text. */
  @ParameterizedTest
  @ValueSource(strings = {"legacy", "auto", "modern"})
  void theInspectorFindsNothingWrongAndIsToldTheLink(String era) throws Exception {
    assertThat(inspected(era, "--strict", "--method", "tools/list"))
        .contains("vault_create_token")
        .doesNotContain("Warning: tool")
        .doesNotContain("Error: tool");
    assertThat(inspected(era, "--method", "tools/call", "--tool-name", "vault_whoami"))
        .contains("identityId");
    String asked =
        inspected(
            era,
            "--method",
            "tools/call",
            "--tool-name",
            "vault_use",
            "--tool-args-json",
            use("missing"));
    assertThat(asked).contains("tool_is_error").containsPattern(LINK).containsPattern(CODE);
  }

  private String inspected(String era, String... arguments)
      throws IOException, InterruptedException {
    Path installed = Tools.mcp("inspector").resolve("node_modules/.bin");
    List<String> command =
        new ArrayList<>(
            List.of(
                installed.resolve("node").toString(),
                installed.resolve("mcp-inspector").toString(),
                "--cli",
                cloud.url() + "/mcp",
                "--transport",
                "http",
                "--protocol-era",
                era,
                "--header",
                "Authorization: Bearer " + agent.bearer(),
                "--format",
                "json"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
