package io.agentvault.local.table;

import io.agentvault.local.host.Watchdog;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * DynamoDB Local in a process of its own, on 127.0.0.1. Its libraries are fetched once by Maven,
 * through a pom of their own, into {@code target/dynamodb-local/lib}.
 */
public final class DynamoDbLocal implements AutoCloseable {
  private static final String LISTENING = "listening on ";

  private static final Map<Path, DynamoDbLocal> SHARED = new ConcurrentHashMap<>();

  private final Process process;
  private final String url;

  private DynamoDbLocal(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /**
   * @param project the project's directory
   * @param data where tables are kept; without one they live in memory
   * @param log where the process's output goes
   */
  public static DynamoDbLocal start(
      Path project, Optional<Path> data, Path log, Watchdog watchdog) {
    Path libraries = libraries(project);
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              "-XX:TieredStopAtLevel=1",
              "-XX:+UseSerialGC",
              "-Xmx" + System.getProperty("vault.dynamodb.heap", "512m"),
              "--enable-native-access=ALL-UNNAMED",
              "-Djava.library.path=" + libraries,
              "-cp",
              libraries + "/*" + File.pathSeparator + ownClasses(),
              DynamoDbLocalMain.class.getName(),
              "-sharedDb",
              "-disableTelemetry"));
      if (data.isPresent()) {
        Files.createDirectories(data.get());
        command.addAll(List.of("-dbPath", data.get().toAbsolutePath().toString()));
      } else {
        command.add("-inMemory");
      }
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      watchdog.watch(process);
      return new DynamoDbLocal(process, "http://127.0.0.1:" + port(process, log));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start DynamoDB Local", e);
    }
  }

  /** The one with tables in memory that all of this JVM share; it ends with the JVM. */
  public static DynamoDbLocal shared(Path project) {
    return SHARED.computeIfAbsent(
        project.toAbsolutePath(),
        key -> {
          String log = "process-" + ProcessHandle.current().pid() + ".log";
          return start(key, Optional.empty(), home(key).resolve(log), new Watchdog());
        });
  }

  private static String port(Process process, Path log) throws IOException {
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      if (line.startsWith(LISTENING)) {
        // A platform thread: reading a pipe would hold a carrier of virtual threads for good.
        Thread.ofPlatform().daemon().name("dynamodb-local-log").start(() -> drain(output, log));
        return line.substring(LISTENING.length());
      }
    }
    throw new IllegalStateException("DynamoDB Local did not start; see " + log);
  }

  private static void drain(BufferedReader output, Path log) {
    try (output) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        Files.writeString(log, line + "\n", StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      // The process ended while its output was read.
      return;
    }
  }

  private static Path ownClasses() {
    try {
      return Path.of(
          DynamoDbLocalMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Fetches the libraries if they are not there; one process at a time. */
  static synchronized Path libraries(Path project) {
    Path home = home(project);
    Path complete = home.resolve("complete");
    if (Files.exists(complete)) {
      return home.resolve("lib");
    }
    try {
      Files.createDirectories(home);
      try (FileChannel channel =
              FileChannel.open(
                  home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!Files.exists(complete) && lock.isValid()) {
          fetch(project, home);
          Files.writeString(complete, "");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot fetch DynamoDB Local into " + home, e);
    }
    return home.resolve("lib");
  }

  private static Path home(Path project) {
    return project.resolve("target/dynamodb-local").toAbsolutePath();
  }

  private static void fetch(Path project, Path home) throws IOException {
    Path log = home.resolve("fetch.log");
    ProcessBuilder maven =
        new ProcessBuilder(
                project.resolve("mvnw").toAbsolutePath().toString(),
                "-q",
                "-B",
                "-f",
                project.resolve("src/local/dynamodb-local/pom.xml").toAbsolutePath().toString(),
                "dependency:copy-dependencies",
                "-DoutputDirectory=" + home.resolve("lib"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
    try {
      if (maven.start().waitFor() != 0) {
        throw new IOException("Maven could not fetch DynamoDB Local; see " + log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  public URI endpoint() {
    return URI.create(url);
  }

  @Override
  public void close() {
    Watchdog.end(process); // tables in files are closed properly
  }
}
