package io.agentvault.handin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.firstuse.Client;
import io.agentvault.local.LocalCloud;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The protocol's own suite, on the package. What doesn't apply, and why, stands in {@code
 * mcp/conformance.txt}.
 */
class ConformanceIT {
  private static final Path RESOURCES = Path.of("src/test/resources/mcp");
  private static final Set<String> NOT_PASSED = Set.of("FAILURE", "WARNING");

  /** What the scenarios that concern this server check; fewer would be another suite. */
  @ParameterizedTest
  @CsvSource({"conformance-stable,7", "conformance-alpha,59"})
  void everythingThatAppliesPasses(String suite, int least, @TempDir Path results)
      throws Exception {
    Path installed = Tools.mcp(suite);
    LocalCloud cloud = LocalCloud.shared();
    String node = installed.resolve("node_modules/.bin/node").toString();
    ProcessBuilder adapter =
        new ProcessBuilder(
            node,
            RESOURCES.resolve("adapter.mjs").toString(),
            Integer.toString(URI.create(cloud.url()).getPort()));
    adapter.environment().put("VAULT_KEY", Client.newAgent(cloud).bearer());
    Process between = adapter.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      String port = between.inputReader(StandardCharsets.US_ASCII).readLine();
      Process run =
          new ProcessBuilder(
                  node,
                  installed.resolve("node_modules/.bin/conformance").toString(),
                  "server",
                  "--url",
                  "http://127.0.0.1:" + port + "/mcp",
                  "--suite",
                  "all",
                  "--output-dir",
                  results.toString())
              .redirectErrorStream(true)
              .redirectOutput(results.resolve("output.txt").toFile())
              .start();
      assertThat(run.waitFor(300, TimeUnit.SECONDS)).isTrue();
    } finally {
      between.destroy();
    }

    Set<String> notApplicable = notApplicable();
    Set<String> passed = new TreeSet<>();
    Set<String> failed = new TreeSet<>();
    for (Path checks : checks(results)) {
      Path directory = results.relativize(checks).getName(0);
      String scenario =
          directory
              .toString()
              .replaceFirst("^server-", "")
              .replaceFirst("-\\d{4}-\\d{2}-\\d{2}T[\\dZ-]+$", "");
      for (JsonNode check : new ObjectMapper().readTree(checks.toFile())) {
        String name = scenario + "/" + check.path("id").asText();
        if (NOT_PASSED.contains(check.path("status").asText())) {
          if (!notApplicable.contains(name) && !notApplicable.contains(scenario)) {
            failed.add(name + ": " + check.path("errorMessage").asText());
          }
        } else if (check.path("status").asText().equals("SUCCESS")
            && !notApplicable.contains(scenario)) {
          passed.add(name);
        }
      }
    }
    assertThat(failed).isEmpty();
    assertThat(passed).hasSizeGreaterThanOrEqualTo(least);
  }

  private static Set<Path> checks(Path results) throws IOException {
    try (Stream<Path> all = Files.walk(results)) {
      return all.filter(file -> file.endsWith("checks.json")).collect(Collectors.toSet());
    }
  }

  private static Set<String> notApplicable() throws IOException {
    return Files.readAllLines(RESOURCES.resolve("conformance.txt")).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split(" ", 2)[0])
        .collect(Collectors.toSet());
  }
}
