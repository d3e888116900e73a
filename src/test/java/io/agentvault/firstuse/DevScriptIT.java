package io.agentvault.firstuse;

import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/dev} as its users meet it: start, stop, start again, start over, and go wrong. */
class DevScriptIT {
  private static final int PATIENCE_SECONDS = 120;

  @TempDir private Path data;

  @Test
  void dataOutliveAStopAndNotAFreshStart() throws Exception {
    Dev first = Dev.start(data);
    Properties environment = first.ready();
    assertThat(Files.getPosixFilePermissions(data.resolve("dev.env")))
        .containsExactlyInAnyOrder(OWNER_READ, OWNER_WRITE);
    assertThat(environment.stringPropertyNames())
        .contains("VAULT_URL", "VAULT_KEY", "OPERATOR_TOKEN")
        .isSubsetOf(
            "VAULT_URL",
            "VAULT_KEY",
            "OPERATOR_TOKEN",
            "OPERATOR_URL",
            "PROXY_URL",
            "SAMPLE_UPSTREAM");
    String key = environment.getProperty("VAULT_KEY");
    assertThat(first.output()).contains(key);
    assertThat(put(environment, "kept")).isEqualTo(200);
    first.stop();

    Dev second = Dev.start(data);
    Properties again = second.ready();
    assertThat(again.getProperty("VAULT_KEY")).isEqualTo(key);
    assertThat(second.output()).doesNotContain(key).contains("dev.env");
    assertThat(get(again, "kept")).isEqualTo(200);
    second.stop();

    Dev fresh = Dev.start(data, "--fresh");
    Properties empty = fresh.ready();
    assertThat(empty.getProperty("VAULT_KEY")).isNotEqualTo(key);
    assertThat(get(empty, "kept")).isEqualTo(404);
    empty.setProperty("VAULT_KEY", key);
    assertThat(get(empty, "kept")).isEqualTo(401);
    fresh.stop();
  }

  @Test
  void anInterruptStopsItAlsoInAScriptsBackground() throws Exception {
    Dev dev = Dev.inBackground(data);
    dev.ready();
    List<ProcessHandle> all = dev.process().descendants().toList();
    // The script has become the JVM by then.
    ProcessHandle java = dev.process().children().findFirst().orElseThrow();
    assertThat(new ProcessBuilder("kill", "-INT", Long.toString(java.pid())).start().waitFor())
        .isZero();
    for (ProcessHandle each : all) {
      each.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Test
  void aTakenPortIsOneSentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Dev dev = Dev.start(data, "--port", Integer.toString(taken.getLocalPort()));
      assertThat(dev.failed())
          .isEqualTo(
              "dev: port "
                  + taken.getLocalPort()
                  + " is taken; stop what uses it, or choose another with --port N");
    }
  }

  @Test
  void corruptDataAreOneSentence() throws Exception {
    Files.writeString(data.resolve("kms.json"), "{\"keys\":\"rubbish");
    assertThat(Dev.start(data).failed())
        .startsWith("dev: ")
        .endsWith("scripts/dev --fresh --data " + data + " starts over with empty data")
        .doesNotContain("rubbish", "\n");
  }

  @Test
  void aCorruptOperatorKeyIsSaidAtItsEnd() throws Exception {
    Files.writeString(data.resolve("operator.pem"), "rubbish");
    assertThat(Dev.start(data).failed().lines().toList().getLast())
        .startsWith("dev: ")
        .endsWith("scripts/dev --fresh --data " + data + " starts over with empty data")
        .doesNotContain("rubbish");
  }

  @Test
  void anUnreadableDevEnvIsOneSentence() throws Exception {
    Files.writeString(data.resolve("dev.env"), "nothing of use\n");
    String failure = Dev.start(data).failed();
    assertThat(failure.lines().toList().getLast())
        .startsWith("dev: ")
        .contains("dev.env is not what scripts/dev wrote")
        .endsWith("scripts/dev --fresh --data " + data);
  }

  private static int put(Properties environment, String label) throws Exception {
    return send(
        environment,
        label,
        "PUT",
        HttpRequest.BodyPublishers.ofString("{\"type\":\"CUSTOM\",\"data\":{}}"));
  }

  private static int get(Properties environment, String label) throws Exception {
    return send(environment, label, "GET", HttpRequest.BodyPublishers.noBody());
  }

  private static int send(
      Properties environment, String label, String method, HttpRequest.BodyPublisher body)
      throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(
                      URI.create(environment.getProperty("VAULT_URL") + "/v0/vault/" + label))
                  .header("authorization", "Bearer " + environment.getProperty("VAULT_KEY"))
                  .method(method, body)
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  /** A running script. */
  private record Dev(Process process, Path data, Path log) {
    static Dev start(Path data, String... more) throws IOException {
      Path log = Files.createTempFile(Path.of("target"), "dev", ".log");
      List<String> command = new ArrayList<>(List.of("scripts/dev", "--data", data.toString()));
      command.addAll(List.of(more));
      if (!command.contains("--port")) {
        command.addAll(List.of("--port", Integer.toString(freePort())));
      }
      return run(command, data, log);
    }

    /** As a script starts it that goes on meanwhile: interrupts are ignored there. */
    static Dev inBackground(Path data) throws IOException {
      String command = "scripts/dev --data '%s' --port %d & wait".formatted(data, freePort());
      Path log = Files.createTempFile(Path.of("target"), "dev", ".log");
      return run(List.of("sh", "-c", command), data, log);
    }

    private static Dev run(List<String> command, Path data, Path log) throws IOException {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("SKIP_BUILD", "1"); // this very build is under test
      return new Dev(builder.redirectOutput(log.toFile()).start(), data, log);
    }

    private static int freePort() throws IOException {
      try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
        return probe.getLocalPort();
      }
    }

    String output() throws IOException {
      return Files.readString(log, StandardCharsets.UTF_8);
    }

    Properties ready() throws Exception {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!output().contains("Agent Vault is ready at ")) {
        assertThat(process.isAlive()).as(output()).isTrue();
        assertThat(System.nanoTime()).as(output()).isLessThan(end);
        TimeUnit.MILLISECONDS.sleep(50);
      }
      Properties environment = new Properties();
      try (var reader = Files.newBufferedReader(data.resolve("dev.env"))) {
        environment.load(reader);
      }
      return environment;
    }

    void stop() throws Exception {
      List<ProcessHandle> children = process.descendants().toList();
      process.destroy();
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      for (ProcessHandle child : children) {
        child.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    }

    String failed() throws Exception {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      return output().strip();
    }
  }
}
