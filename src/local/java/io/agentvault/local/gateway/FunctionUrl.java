package io.agentvault.local.gateway;

import com.sun.net.httpserver.HttpExchange;
import io.agentvault.local.host.Json;
import io.agentvault.local.host.Loopback;
import io.agentvault.local.runtime.Invoker;
import io.agentvault.local.runtime.Outcome;
import io.agentvault.local.runtime.RuntimeApi;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;

/**
 * A Lambda Function URL without authorization: every request invokes the one function, with the
 * path as it was sent.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html">Function
 *     URLs</a>
 */
public final class FunctionUrl implements AutoCloseable {
  private final String function;
  private final Invoker invoker;
  private final Loopback server;

  public FunctionUrl(int port, String function, Invoker invoker) {
    this.function = function;
    this.invoker = invoker;
    this.server = Loopback.start("function-url", port, this::handle);
  }

  public String url() {
    return server.url();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String requestId = UUID.randomUUID().toString();
    exchange.getResponseHeaders().set("x-amzn-RequestId", requestId);
    byte[] body = exchange.getRequestBody().readNBytes(RuntimeApi.MAX_PAYLOAD_BYTES + 1);
    String path = exchange.getRequestURI().getRawPath();
    byte[] event =
        HttpEvent.of(exchange, requestId, body)
            .json(new HttpEvent.Way("anonymous", "$default", path, Map.of()));
    if (event.length > RuntimeApi.MAX_PAYLOAD_BYTES) {
      refuse(exchange, 413, "Request Entity Too Large");
      return;
    }
    try {
      Outcome outcome = invoker.invoke(function, event).outcome();
      if (outcome instanceof Outcome.Throttled throttled) {
        Loopback.answer(exchange, 429, "application/json", throttled.payload());
      } else if (!Responses.send(exchange, outcome)) {
        refuse(exchange, 502, "Internal Server Error");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.close();
    }
  }

  private static void refuse(HttpExchange exchange, int status, String message) throws IOException {
    byte[] body = Json.bytes(Json.object().add("Message", message).build());
    boolean head = exchange.getRequestMethod().equals("HEAD");
    Loopback.answer(exchange, status, "application/json", head ? new byte[0] : body);
  }

  @Override
  public void close() {
    server.close();
  }
}
