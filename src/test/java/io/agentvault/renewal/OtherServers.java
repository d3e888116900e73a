package io.agentvault.renewal;

import io.agentvault.handin.Tools;
import io.agentvault.local.host.Watchdog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Authorization servers that no one here wrote, each a process of its own. Where one is not to be
 * had, the test that wants it says so and skips.
 */
final class OtherServers {
  private static final Path MOCK = Path.of("target/mock-oauth2-server").toAbsolutePath();

  private OtherServers() {}

  /** npm's oidc-provider, whose access tokens last so long. */
  static Running oidcProvider(int accessTokenSeconds, String jwk) {
    Path modules = Tools.nodeModules("oidc-provider");
    Path node = Tools.program("node", "package nodejs");
    int port = freePort();
    return Running.started(
        port,
        new ProcessBuilder(
            node.toString(),
            "src/test/resources/renewal/issuer.mjs",
            modules.toString(),
            Integer.toString(port),
            Integer.toString(accessTokenSeconds),
            jwk),
        "listening");
  }

  /** It tells in {@code aud} whether it was asked for an audience. */
  private static final String MOCK_CONFIG =
      """
      {"rotateRefreshToken":true,"tokenCallbacks":[{"issuerId":"default","requestMappings":[
        {"requestParam":"audience","match":"https://api.example",
         "claims":{"sub":"${clientId}","aud":["https://api.example"]}},
        {"requestParam":"grant_type","match":"client_credentials",
         "claims":{"sub":"${clientId}","aud":["none"]}}]}]}
      """;

  /** Maven's {@code no.nav.security:mock-oauth2-server}, on a class path of its own. */
  static Running mockOauth2Server() {
    int port = freePort();
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            libraries() + "/*",
            "no.nav.security.mock.oauth2.StandaloneMockOAuth2ServerKt");
    command
        .environment()
        .putAll(
            Map.of(
                "SERVER_HOSTNAME",
                "127.0.0.1",
                "SERVER_PORT",
                Integer.toString(port),
                "JSON_CONFIG",
                MOCK_CONFIG));
    return Running.listening(port, command);
  }

  private static Path libraries() {
    Path libraries = MOCK.resolve("lib");
    if (Files.exists(MOCK.resolve("complete"))) {
      return libraries;
    }
    try {
      Files.createDirectories(MOCK);
      ProcessBuilder maven =
          new ProcessBuilder(
                  Path.of("mvnw").toAbsolutePath().toString(),
                  "-q",
                  "-B",
                  "-f",
                  "src/test/mock-oauth2-server/pom.xml",
                  "dependency:copy-dependencies",
                  "-DoutputDirectory=" + libraries)
              .redirectErrorStream(true)
              .redirectOutput(MOCK.resolve("fetch.log").toFile());
      maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
      if (maven.start().waitFor() != 0) {
        Tools.skip("Maven could not fetch mock-oauth2-server; see " + MOCK.resolve("fetch.log"));
      }
      Files.writeString(MOCK.resolve("complete"), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return libraries;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that runs. */
  record Running(int port, Process process) implements AutoCloseable {
    private static Running started(int port, ProcessBuilder command, String sign) {
      try {
        Process process = command.redirectErrorStream(true).start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        while (line != null && !line.contains(sign)) {
          line = out.readLine();
        }
        if (line == null) {
          throw new AssertionError(command.command() + " did not start");
        }
        Thread.ofPlatform().daemon().name("drain").start(() -> out.lines().forEach(each -> {}));
        return new Running(port, process);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** One that says nothing when it is ready. */
    private static Running listening(int port, ProcessBuilder command) {
      command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
      try {
        Process process = command.start();
        while (process.isAlive()) {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return new Running(port, process);
          } catch (ConnectException e) {
            Thread.sleep(100);
          }
        }
        throw new AssertionError(command.command() + " did not start");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    String address() {
      return "127.0.0.1:" + port;
    }

    URI at(String path) {
      return URI.create("http://" + address() + path);
    }

    /** What a human's consent gives that client: oidc-provider only. */
    String consent(String client) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  at("/consent?client=" + client.replace(" ", "%20").replace(":", "%3A")))
              .build();
      try (HttpClient http = HttpClient.newHttpClient()) {
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      Watchdog.end(process);
    }
  }
}
