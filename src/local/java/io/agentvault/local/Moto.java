package io.agentvault.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A moto server: DynamoDB and KMS by other hands than LocalStack's and this project's. */
final class Moto implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final int port;

  private Moto(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * What the property or variable {@code MOTO_SERVER} names, else {@code moto_server} if it runs.
   */
  static Optional<String> executable() {
    Optional<String> named =
        Optional.ofNullable(System.getProperty("MOTO_SERVER"))
            .or(() -> Optional.ofNullable(System.getenv("MOTO_SERVER")));
    return named.isPresent() ? named : Optional.of("moto_server").filter(Moto::runs);
  }

  private static boolean runs(String program) {
    try {
      return silent(program, "--help").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static ProcessBuilder silent(String... command) {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  /** Started, and listening. */
  static Moto start(String executable, Path log) throws IOException, InterruptedException {
    int port;
    try (ServerSocket probe = new ServerSocket(0, 1, LOOPBACK)) {
      port = probe.getLocalPort();
    }
    Process process =
        new ProcessBuilder(executable, "-H", "127.0.0.1", "-p", Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Moto moto = new Moto(process, port);
    moto.awaitListening(log);
    return moto;
  }

  private void awaitListening(Path log) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!listens()) {
      if (process.waitFor(200, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
        close();
        throw new IllegalStateException("moto_server does not listen; see " + log);
      }
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(LOOPBACK, port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
