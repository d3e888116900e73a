package io.agentvault.local;

import com.sun.net.httpserver.HttpExchange;
import io.agentvault.local.host.Json;
import io.agentvault.local.host.Loopback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A service to try a use with: it wants a bearer key, and answers what it was asked, never the key.
 */
final class SampleUpstream implements AutoCloseable {
  /** Of no worth: whoever can reach the service is on this machine. */
  static final String KEY = "sample-upstream-key";

  private final Loopback server = Loopback.start("sample-upstream", 0, SampleUpstream::handle);

  /** Host and port. */
  String address() {
    return "127.0.0.1:" + server.port();
  }

  private static void handle(HttpExchange exchange) throws IOException {
    int size = exchange.getRequestBody().readAllBytes().length;
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    if (given == null || !MessageDigest.isEqual(utf8(given), utf8("Bearer " + KEY))) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"sample\"");
      answer(exchange, 401, "{\"error\":\"unauthorized\"}");
      return;
    }
    answer(
        exchange,
        200,
        Json.object()
            .add("hello", "from the sample upstream")
            .add("method", exchange.getRequestMethod())
            .add("path", exchange.getRequestURI().getRawPath())
            .add("bodyBytes", size)
            .build()
            .toString());
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    Loopback.answer(exchange, status, "application/json", head ? new byte[0] : utf8(body));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.close();
  }
}
