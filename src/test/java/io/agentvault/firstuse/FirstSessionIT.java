package io.agentvault.firstuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.firstuse.Client.Response;
import io.agentvault.local.LocalCloud;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstSessionIT {
  private static final String SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  private final LocalCloud cloud = LocalCloud.shared();
  private final Client agent = Client.newAgent(cloud);

  @Test
  void fourKilobytesWithNonAsciiTextComeBackByteForByte() {
    String text = "schlüssel-🔑-\u0000-ключ-\"\\/\n".repeat(300);
    String key = text.substring(0, text.offsetByCodePoints(0, 3_000));
    assertThat(key.getBytes(StandardCharsets.UTF_8)).hasSizeGreaterThan(4_000);

    assertThat(agent.put("key", Client.apiKey(key)).status()).isEqualTo(200);

    assertThat(agent.get("/v0/vault/key").body().path("data").path("key").asText()).isEqualTo(key);
  }

  @Test
  void theCodeIsTheOneThatOathtoolGivesForTheSameSecond() throws IOException {
    assumeTrue(onPath("oathtool"), "oathtool is not installed: not compared");
    agent.put("mail", totp());

    Response code = agent.get("/v0/vault/mail/totp");

    String instant = code.body().path("generatedAt").asText().replace("T", " ").substring(0, 19);
    assertThat(code.body().path("code").asText())
        .isEqualTo(run("oathtool", "--totp", "-b", "-N", instant + " UTC", SEED));
  }

  @Test
  void aStoredSeedIsNeverReadBack() {
    agent.put("mail", totp());

    Response got = agent.get("/v0/vault/mail");

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body().path("hasTotp").asBoolean()).isTrue();
    assertThat(got.body().toString()).doesNotContain(SEED).contains("/totp");
    assertThat(agent.get("/v0/vault").body().toString()).doesNotContain(SEED);
  }

  @Test
  void aDeletedCredentialIsNotFound() {
    agent.put("gone", Client.apiKey("value"));

    assertThat(agent.delete("/v0/vault/gone").body().toString())
        .isEqualTo("{\"name\":\"gone\",\"deleted\":true}");

    assertThat(agent.get("/v0/vault/gone").status()).isEqualTo(404);
    assertThat(agent.delete("/v0/vault/gone").status()).isEqualTo(404);
  }

  @Test
  void anotherAgentDoesNotFindTheLabel() {
    agent.put("mine", Client.apiKey("value"));

    assertThat(Client.newAgent(cloud).get("/v0/vault/mine").status()).isEqualTo(404);
    assertThat(agent.get("/v0/vault/mine").status()).isEqualTo(200);
  }

  @Test
  void noKeyAWrongKeyAndACutKeyAreOneAndTheSameAnswer() {
    String key = agent.bearer();
    String other = Client.newAgent(cloud).bearer();
    String mixed = key.substring(0, 31) + other.substring(31);
    List<String> wrong = List.of("", mixed, key.substring(0, key.length() - 1), "avk_", "x");

    for (String bearer : wrong) {
      Response answer = Client.of(cloud, bearer).get("/v0/vault/anything");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.error().toString())
          .isEqualTo(
              "{\"error\":\"unauthorized\",\"message\":\"the credential is missing or not"
                  + " valid\",\"status\":401}");
    }
  }

  private static ObjectNode totp() {
    ObjectNode body = Client.JSON.createObjectNode().put("type", "TOTP");
    body.putObject("data").put("secret", SEED);
    return body;
  }

  private static boolean onPath(String program) throws IOException {
    try {
      return !run(program, "--version").isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
