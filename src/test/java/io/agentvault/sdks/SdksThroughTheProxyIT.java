package io.agentvault.sdks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.firstuse.Client;
import io.agentvault.handin.Tools;
import io.agentvault.local.LocalCloud;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unmodified SDKs do their main call through the packaged broker, by either door. */
final class SdksThroughTheProxyIT {
  private static final Path SCRIPTS = Path.of("src/test/resources/use");
  private static final String KEY = "sk-of-the-service-0123456789";
  private static final SdkUpstream UPSTREAM = new SdkUpstream(KEY);
  private static final LocalCloud CLOUD =
      LocalCloud.options()
          .functionUrl("broker")
          .environment("broker", "VAULT_LOCAL_UPSTREAMS", UPSTREAM.place())
          .start();
  private static final Client AGENT = Client.newAgent(CLOUD);

  static {
    store("openai", "/v1/**", "");
    store(
        "anthropic",
        "/v1/messages",
        ",\"as\":{\"type\":\"header\",\"name\":\"X-Api-Key\",\"field\":\"key\"}");
    store("stripe", "/v1/customers", "");
    store("github", "/repos/acme/**", "");
    store("slack", "/api/*", "");
  }

  private static void store(String label, String path, String as) {
    try {
      ObjectNode body = Client.apiKey(KEY);
      String policy =
          "{\"reveal\":false,\"allow\":[{\"host\":\"%s\",\"paths\":[\"%s\"]}]%s}"
              .formatted(UPSTREAM.place(), path, as);
      body.set("use", Client.JSON.readTree(policy));
      assertThat(AGENT.put(label, body).status()).isEqualTo(200);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The ways to the broker. */
  enum Door {
    HTTP_API(LocalCloud::url),
    FUNCTION_URL(cloud -> cloud.functionUrl("broker").orElseThrow());

    private final Function<LocalCloud, String> url;

    Door(Function<LocalCloud, String> url) {
      this.url = url;
    }

    String base() {
      return url.apply(CLOUD) + "/v0/proxy/{label}";
    }
  }

  @AfterAll
  static void stop() {
    CLOUD.close();
    UPSTREAM.close();
  }

  @BeforeEach
  void forget() {
    UPSTREAM.forget();
  }

  @ParameterizedTest
  @EnumSource
  void pythons(Door door) {
    String python = Tools.python("openai").toString();
    String said =
        run(Map.of(), python, SCRIPTS.resolve("sdk.py").toString(), door.base(), AGENT.bearer());
    assertThat(said.lines().map(line -> line.split(" ", 2)[0]))
        .containsExactly("openai", "anthropic", "stripe", "requests");
    assertThat(UPSTREAM.answered())
        .containsExactly(
            "POST /v1/chat/completions",
            "POST /v1/messages",
            "POST /v1/customers",
            "GET /repos/acme/site",
            "GET /api/auth.test");
    assertThat(UPSTREAM.refused()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void nodes(Door door) {
    String node = Tools.program("node", "nodejs").toString();
    Path modules = Tools.nodeModules("openai");
    for (String each : List.of("@anthropic-ai/sdk", "stripe", "@octokit/rest", "@slack/web-api")) {
      Tools.nodeModules(each);
    }
    String said =
        run(
            Map.of("NODE_PATH", modules.toString()),
            node,
            SCRIPTS.resolve("sdk.mjs").toString(),
            door.base(),
            AGENT.bearer());
    assertThat(said.lines())
        .containsExactly("openai ok", "anthropic ok", "octokit ok", "slack ok", "stripe ok");
    assertThat(UPSTREAM.answered())
        .containsExactly(
            "POST /v1/chat/completions",
            "POST /v1/messages",
            "GET /repos/acme/site",
            "POST /api/auth.test",
            "POST /v1/customers");
    assertThat(UPSTREAM.refused()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void curl(Door door) {
    String said =
        run(
            Map.of(),
            Tools.program("curl", "curl").toString(),
            "--silent",
            "--show-error",
            "--header",
            "Authorization: Bearer " + AGENT.bearer(),
            door.base().replace("{label}", "github") + "/repos/acme/site");
    assertThat(said).contains("\"full_name\":\"acme/site\"");
    assertThat(UPSTREAM.answered()).containsExactly("GET /repos/acme/site");
  }

  /** What a command prints; nothing of our own environment goes down but where programs are. */
  private static String run(Map<String, String> environment, String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG"));
      builder.environment().putAll(environment);
      Process process = builder.start();
      String said = new String(process.getInputStream().readAllBytes());
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
      assertThat(said).doesNotContain(KEY);
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
