package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.deployment.Script.Result;
import io.agentvault.identity.AgentKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator sees who lacks something: one sentence, and a status that is not 0. */
class ScriptsTest {
  @TempDir private Path bin;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deploy",
        "prepare-account",
        "smoke",
        "operator-token",
        "replay-receipts",
        "destroy-old-table",
        "lint-infra",
        "connect",
        "import-env",
        "mcp-clients"
      })
  void everyScriptExplainsItself(String name) throws IOException {
    Result help = Script.named(name).run("--help");
    assertThat(help.status()).isZero();
    assertThat(help.output()).startsWith("Usage: scripts/" + name);
    List<String> lines = Files.readAllLines(Path.of("scripts", name));
    assertThat(lines.getFirst()).isEqualTo("#!/usr/bin/env bash");
    assertThat(lines.get(1)).startsWith("# ");
    assertThat(lines).contains("set -euo pipefail");
    assertThat(Files.isExecutable(Path.of("scripts", name))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deploy",
        "prepare-account",
        "smoke",
        "operator-token",
        "replay-receipts",
        "destroy-old-table",
        "connect",
        "import-env"
      })
  void scriptWithoutArgumentsShowsItsUsage(String name) {
    Result usage = Script.named(name).run();
    assertThat(usage.status()).isEqualTo(2);
    assertThat(usage.error()).startsWith("Usage: ");
  }

  @Test
  void deployNamesTheStageFileThatIsMissing() {
    assertOneSentence(Script.named("deploy").run("nowhere"), "infra/stages/nowhere.conf");
  }

  @Test
  void deployNamesTheToolThatIsMissing() throws IOException {
    Script bare = Script.named("deploy").with("PATH", bin.toString());
    provide("dirname", "exec /usr/bin/dirname \"$@\"");
    assertOneSentence(bare.run("dev"), "aws is missing");
    provide("aws", "exit 1");
    assertOneSentence(bare.run("dev"), "sam is missing");
    provide("sam", "exit 1");
    provide("unzip", "exit 1");
    assertOneSentence(bare.run("dev"), "no valid AWS credentials");
  }

  @Test
  void replayTakesNoOldCommandLine() throws IOException {
    provide("aws", "echo aws-cli/1.29.0");
    assertOneSentence(
        Script.named("replay-receipts")
            .with("PATH", bin + ":/usr/bin:/bin")
            .run("live", "restored"),
        "install version 2");
  }

  /** A function of a script, as a script of its own in {@link #bin}. */
  private void function(String script, String function, String call) throws IOException {
    String text = Files.readString(Path.of("scripts", script));
    int begin = text.indexOf(function + "() {");
    Path alone = bin.resolve("scripts").resolve(function);
    Files.createDirectories(alone.getParent());
    Files.writeString(
        alone, text.substring(begin, text.indexOf("\n}", begin) + 2) + "\n" + call + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "<testcase name='a'/>, 0",
    "<testcase name='a'><skipped/></testcase>, 1",
    "<testsuite/>, 1"
  })
  void aSuiteWhoseImageIsHereAndThatRanNothingFailsVerify(String report, int status)
      throws IOException {
    function("verify", "require_localstack_ran", "require_localstack_ran");
    for (String suite : List.of("Kms", "Table")) {
      Path file =
          bin.resolve(
              "target/failsafe-reports/TEST-io.agentvault.standins.LocalStack"
                  + suite
                  + "ContractIT.xml");
      Files.createDirectories(file.getParent());
      Files.writeString(file, report.replace("><", ">\n<") + "\n");
    }
    Result result =
        Script.named("require_localstack_ran").in(bin).with("localstack_image", "it").run();
    assertThat(result.status()).isEqualTo(status);
    assertThat(result.error().contains("none of its cases ran")).isEqualTo(status == 1);
  }

  @ParameterizedTest
  @CsvSource({"x86_64, -Dquarkus.native.march=haswell", "arm64, ''"})
  void anExecutableIsBuiltForAMachineWithAes(String architecture, String argument)
      throws IOException {
    function("lib/native.sh", "machine_argument", "machine_argument \"$1\"");
    Result result = Script.named("machine_argument").in(bin).run(architecture);
    assertThat(result.status()).isZero();
    assertThat(result.output().strip()).isEqualTo(argument);
  }

  @Test
  void smokesWrongKeyIsWellMadeAndDiffersInItsSecretAlone() throws IOException {
    function("smoke", "wrong_key", "wrong_key \"$1\"");
    String id = "0123456789abcdefghjkmnpqrs";
    String unlike = "avk_" + id + "_0" + "z".repeat(51) + "0000000";
    String wrong = Script.named("wrong_key").in(bin).run(unlike).output();
    // The checksum fits: a parse refuses any other.
    assertThat(AgentKey.parse(wrong).claimedId().text()).isEqualTo(id);
    assertThat(wrong.substring(0, 81)).isEqualTo(unlike.substring(0, 81));
    assertThat(wrong.substring(81, 83)).isNotEqualTo(unlike.substring(81, 83));
    // As it is when the character that changes was the other one already.
    assertThat(AgentKey.parse(Script.named("wrong_key").in(bin).run(wrong).output()).text())
        .isNotEqualTo(AgentKey.parse(wrong).text());
  }

  @Test
  void smokeSendsNoKeyInTheClear() {
    assertOneSentence(Script.named("smoke").run("http://example.com"), "is not https");
    assertOneSentence(Script.named("smoke").run("https://vault.invalid"), "OPERATOR_TOKEN");
  }

  /** As each vendor documents its file: where the address stands, and how the variable is named. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "json|/mcpServers/agent-vault|http|Bearer ${VAULT_KEY}",
        "cursor|/mcpServers/agent-vault||Bearer ${env:VAULT_KEY}",
        "vscode|/servers/agent-vault|http|Bearer ${input:vault-key}"
      })
  void connectPrintsWhatTheVendorsDocument(
      String client, String where, @Nullable String type, String header) throws IOException {
    JsonNode printed =
        new ObjectMapper()
            .readTree(
                Script.named("connect").run("--url", "https://vault.example.com", client).output());
    JsonNode server = printed.at(where);
    assertThat(server.path("url").asText()).isEqualTo("https://vault.example.com/mcp");
    assertThat(server.path("type").asText(null)).isEqualTo(type);
    assertThat(server.at("/headers/Authorization").asText()).isEqualTo(header);
  }

  @ParameterizedTest
  @ValueSource(strings = {"claude-code", "codex", "cursor", "vscode", "json"})
  void connectPrintsTheAddressAndNoKey(String client) {
    Result printed =
        Script.named("connect")
            .with("VAULT_KEY", "avk_canary")
            .run("--url", "https://vault.example.com/", client);
    assertThat(printed.status()).isZero();
    assertThat(printed.output())
        .contains("https://vault.example.com/mcp")
        .doesNotContain("avk_canary");
    assertOneSentence(
        Script.named("connect").run("--url", "http://example.com", client), "is not https");
  }

  @Test
  void importEnvSaysWhatItWouldDoAndNoValue() throws IOException {
    Path file = bin.resolve("example.env");
    Files.writeString(
        file, "export A=\"canary \\\"1\\\"\"\n# c\nB='canary-2' # d\nE=\nnothing\nM=\"canary-3\n");
    Result told = Script.named("import-env").run("--dry-run", file.toString());
    assertThat(told.output())
        .contains("line 1: store A", "line 3: store B", "line 4: E is empty", "line 5: not NAME")
        .contains("line 6: M has no closing quote")
        .doesNotContain("canary");
    assertThat(told.status()).isEqualTo(1);
  }

  /**
   * As shells and the usual readers of such files take them; what they would fill in is refused.
   */
  @Test
  void importEnvReadsOddFilesAsOthersDo() throws IOException {
    Path file = bin.resolve("odd.env");
    Files.writeString(
        file,
        "\ufeffA=first\r\nexport B = \"a \\\"b\\\" \\\\ \\n\" # c\r\nK=\"-----BEGIN\r\nMIIabc==\r\nx=y\r\n"
            + "-----END\" \r\nC='$x ${y} \\n' #\r\nD=a#b # c\r\nA=second\r\nR=\"${A}/x\"\r\nT=\"x\" y\r\n");
    Path sent = bin.resolve("sent");
    provide("curl", "cat >>" + sent + "; printf 200");
    Result stored =
        Script.named("import-env")
            .with("PATH", bin + ":/usr/bin:/bin")
            .with("VAULT_URL", "https://vault.example.com")
            .with("VAULT_KEY", "avk_canary")
            .run("--print-stored", file.toString());
    assertThat(stored.output().lines())
        .containsExactly(
            "skipped  line 1: A stands again in line 9, which counts",
            "stored   line 2: B",
            "stored   line 3: K",
            "stored   line 7: C",
            "stored   line 8: D",
            "stored   line 9: A",
            "skipped  line 10: R refers to another variable",
            "skipped  line 11: T has something behind its closing quote",
            "these lines are stored; this removes them:",
            "  sed -i '2d;3,6d;7d;8d;9d;' " + file);
    assertThat(stored.status()).isEqualTo(1);
    assertThat(
            Files.readAllLines(sent).stream()
                .filter(line -> line.startsWith("data-raw"))
                .map(line -> line.replaceFirst(".*key.\":", "").replaceFirst("}}\"$", "")))
        .containsExactly(
            "\\\"a \\\\\\\"b\\\\\\\" \\\\\\\\ \\\\n\\\"",
            "\\\"-----BEGIN\\\\nMIIabc==\\\\nx=y\\\\n-----END\\\"",
            "\\\"$x ${y} \\\\\\\\n\\\"",
            "\\\"a#b\\\"",
            "\\\"second\\\"");
  }

  @Test
  void importEnvHandsValuesToCurlOnItsStandardInputOnly() throws IOException {
    Path file = bin.resolve("example.env");
    Files.writeString(file, "A=\"x \\\"canary\\\" \\\\\"\n");
    Path sent = bin.resolve("sent");
    provide("curl", "cat >" + sent + "; printf '%s\\n' \"$*\" >" + bin + "/args; printf 200");
    Result stored =
        Script.named("import-env")
            .with("PATH", bin + ":/usr/bin:/bin")
            .with("VAULT_URL", "https://vault.example.com")
            .with("VAULT_KEY", "avk_canary")
            .run("--host", "api.example.com", "--print-stored", file.toString());
    assertThat(stored.output())
        .contains("stored   line 1: A", "sed -i '1d;'")
        .doesNotContain("canary");
    assertThat(Files.readString(bin.resolve("args"))).doesNotContain("canary");
    assertThat(Files.readString(sent))
        .contains("https://vault.example.com/v0/vault/A", "If-None-Match: *")
        .contains("\\\"reveal\\\":false");
  }

  private void provide(String tool, String body) throws IOException {
    Path file = bin.resolve(tool);
    Files.writeString(file, "#!/bin/bash\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static void assertOneSentence(Result result, String containing) {
    assertThat(result.status()).isNotZero();
    assertThat(result.error().strip()).contains(containing).hasLineCount(1);
  }
}
