package io.agentvault.standins;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.LocalStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;

/** The servers that the suites run on. Each is started once, when it is first asked for. */
final class Servers {
  private static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
  private static final Region REGION = Region.US_EAST_1;
  private static final String MOTO_VERSION = "5.2.5";

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private Servers() {}

  /** Clients of both services of a server. */
  record Clients(DynamoDbClient dynamo, KmsClient kms) {}

  /** A server; or why there is none. */
  record Found(Optional<Clients> clients, String reason) {
    static Found at(URI endpoint) {
      return new Found(
          Optional.of(new Clients(Servers.dynamo(endpoint), Servers.kms(endpoint))), "");
    }

    static Found none(String reason) {
      return new Found(Optional.empty(), reason);
    }
  }

  static Found moto() {
    return Moto.FOUND;
  }

  static Found localStack() {
    return Container.FOUND;
  }

  /**
   * What runs already: {@code http://host:port} of DynamoDB or KMS in that environment variable.
   */
  static Found given(String variable) {
    String endpoint = System.getenv(variable);
    return endpoint == null || endpoint.isBlank()
        ? Found.none(variable + " names no endpoint")
        : Found.at(URI.create(endpoint));
  }

  private static DynamoDbClient dynamo(URI endpoint) {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
        .region(REGION)
        .credentialsProvider(CREDENTIALS)
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  private static KmsClient kms(URI endpoint) {
    return KmsClient.builder()
        .endpointOverride(endpoint)
        .region(REGION)
        .credentialsProvider(CREDENTIALS)
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  static LocalCloud local() {
    return LocalCloud.shared();
  }

  private static final class Moto {
    private static final Found FOUND = start();

    private static Found start() {
      try {
        Path home = Path.of(".local/moto-" + MOTO_VERSION).toAbsolutePath();
        Path server = home.resolve("bin/moto_server");
        if (!installed(home, server)) {
          return Found.none("moto " + MOTO_VERSION + " is not installed and pip cannot install it");
        }
        int port = freePort();
        Process process =
            new ProcessBuilder(server.toString(), "-H", "127.0.0.1", "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile("moto", ".log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return listens(process, port)
            ? Found.at(URI.create("http://127.0.0.1:" + port))
            : Found.none("moto_server does not start");
      } catch (IOException e) {
        return Found.none("moto cannot be run: " + e.getClass().getSimpleName());
      }
    }

    /** Installs it once, for two processes of tests may look at the same time. */
    private static boolean installed(Path home, Path server) throws IOException {
      Files.createDirectories(home);
      Path lock = home.resolve("lock");
      try (FileChannel channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        return held.isValid() && (Files.isExecutable(server) || install(home));
      }
    }

    private static boolean install(Path home) throws IOException {
      return run("python3", "-m", "venv", home.toString())
          && run(
              home.resolve("bin/pip").toString(),
              "install",
              "-q",
              "--disable-pip-version-check",
              "--no-compile",
              "moto[server]==" + MOTO_VERSION);
    }

    private static int freePort() throws IOException {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }

    private static boolean listens(Process process, int port) {
      long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
      while (process.isAlive() && System.nanoTime() < end) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          return socket.isConnected();
        } catch (IOException e) {
          java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
      }
      return false;
    }
  }

  private static final class Container {
    private static final Found FOUND = start();

    /** Never pulls: an image that is not here is a reason to skip. One that is here must start. */
    private static Found start() {
      return run("docker", "image", "inspect", LocalStack.IMAGE)
          ? Found.at(LocalStack.start().endpoint())
          : Found.none("no Docker with the image " + LocalStack.IMAGE);
    }
  }

  private static boolean run(String... command) {
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return process.exitValue() == 0;
      }
      process.destroyForcibly();
      return false;
    } catch (IOException e) {
      return false; // no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted"));
    }
  }
}
