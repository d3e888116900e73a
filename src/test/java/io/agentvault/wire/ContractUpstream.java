package io.agentvault.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.agentvault.local.host.Loopback;
import java.io.IOException;

/** What the broker calls: a service, and who hands out its access tokens. */
final class ContractUpstream {
  private final Loopback server = Loopback.start("contract-upstream", 0, ContractUpstream::handle);

  private static void handle(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    switch (exchange.getRequestURI().getPath()) {
      case "/token" -> answer(exchange, 200, "{\"access_token\":\"a-token-of-access\"}");
      case "/invalid-grant" -> answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
      default -> answer(exchange, 200, "{\"ok\":true}");
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    Loopback.answer(exchange, status, "application/json", body.getBytes(UTF_8));
  }

  String place() {
    return "127.0.0.1:" + server.port();
  }
}
