package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An upstream that says exactly the bytes it is told to, and keeps what it was sent. */
final class RawServer implements AutoCloseable {
  /** What it does with a connection once the request's head was read. */
  @FunctionalInterface
  interface Script {
    void run(Socket socket) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  RawServer(ServerSocket server, Script script) {
    this.server = server;
    Thread.ofPlatform().daemon().start(() -> serve(script));
  }

  static RawServer onLoopback(Script script) {
    try {
      return new RawServer(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")), script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RawServer saying(String answer) {
    return onLoopback(socket -> socket.getOutputStream().write(answer.getBytes(ISO_8859_1)));
  }

  private void serve(Script script) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofPlatform().daemon().start(() -> answer(socket, script));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(Socket socket, Script script) {
    try (socket) {
      requests.add(head(socket.getInputStream()));
      script.run(socket);
      socket.getOutputStream().flush();
    } catch (IOException | InterruptedException e) {
      // the caller went away, which is what some cases are about
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1);
  }

  int port() {
    return server.getLocalPort();
  }

  String place() {
    return "127.0.0.1:" + port();
  }

  List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
