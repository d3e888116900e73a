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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An upstream that says exactly the bytes it is told to, and keeps what it was sent. */
public final class RawServer implements AutoCloseable {
  private static final Pattern LENGTH =
      Pattern.compile("(?im)^content-length: *([0-9]{1,9}) *\\r?$");

  /** What it does with a connection once the request was read. */
  @FunctionalInterface
  public interface Script {
    void run(Socket socket) throws IOException, InterruptedException;
  }

  /** The same, where the answer depends on the request: head and body, a character for a byte. */
  @FunctionalInterface
  public interface Answering {
    void run(Socket socket, String request) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  RawServer(ServerSocket server, Script script) {
    this(server, (socket, request) -> script.run(socket));
  }

  private RawServer(ServerSocket server, Answering script) {
    this.server = server;
    Thread.ofPlatform().daemon().start(() -> serve(script));
  }

  static RawServer onLoopback(Script script) {
    return answering((socket, request) -> script.run(socket));
  }

  public static RawServer answering(Answering script) {
    try {
      return new RawServer(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")), script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static RawServer saying(String answer) {
    return onLoopback(socket -> socket.getOutputStream().write(answer.getBytes(ISO_8859_1)));
  }

  private void serve(Answering script) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofPlatform().daemon().start(() -> answer(socket, script));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(Socket socket, Answering script) {
    try (socket) {
      String request = request(socket.getInputStream());
      requests.add(request);
      script.run(socket, request);
      socket.getOutputStream().flush();
    } catch (IOException | InterruptedException e) {
      // the caller went away, which is what some cases are about
    }
  }

  private static String request(InputStream in) throws IOException {
    String head = head(in);
    Matcher length = LENGTH.matcher(head);
    return length.find()
        ? head + new String(in.readNBytes(Integer.parseInt(length.group(1))), ISO_8859_1)
        : head;
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

  public int port() {
    return server.getLocalPort();
  }

  public String place() {
    return "127.0.0.1:" + port();
  }

  /** Forgets what it was sent. */
  public void forget() {
    requests.clear();
  }

  public List<String> requests() {
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
