package io.agentvault.local.gateway;

import com.sun.net.httpserver.HttpExchange;
import io.agentvault.local.host.Json;
import io.agentvault.local.host.Loopback;
import io.agentvault.local.runtime.Invocation;
import io.agentvault.local.runtime.Invoker;
import io.agentvault.local.runtime.Outcome;
import io.agentvault.local.runtime.RuntimeApi;
import io.agentvault.local.template.Template;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A local HTTP API (API Gateway, version 2): the template's routes, payload format 2.0 both ways,
 * the service's limits and its own errors.
 */
public final class HttpGateway implements AutoCloseable {
  static final int MAX_BODY_BYTES = 10 * 1024 * 1024;
  private static final Duration INTEGRATION_TIMEOUT = Duration.ofSeconds(30);

  private final Routes routes;
  private final Map<String, TokenBucket> throttles = new HashMap<>();
  private final Invoker invoker;
  private final Duration integrationTimeout;
  private final Loopback server;

  public HttpGateway(int port, List<Template.Route> routes, boolean throttled, Invoker invoker) {
    this(port, routes, throttled, invoker, INTEGRATION_TIMEOUT);
  }

  HttpGateway(
      int port,
      List<Template.Route> routes,
      boolean throttled,
      Invoker invoker,
      Duration integrationTimeout) {
    this.routes = new Routes(routes);
    this.invoker = invoker;
    this.integrationTimeout = integrationTimeout;
    if (throttled) {
      routes.forEach(
          route -> throttles.put(route.key(), new TokenBucket(route.throttle(), System::nanoTime)));
    }
    this.server = Loopback.start("gateway", port, this::handle);
  }

  public String url() {
    return server.url();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String requestId = UUID.randomUUID().toString();
    exchange.getResponseHeaders().set("apigw-requestid", requestId);
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    URI uri = exchange.getRequestURI();
    Optional<Routes.Match> found = routes.find(exchange.getRequestMethod(), uri.getRawPath());
    if (found.isEmpty()) {
      refuse(exchange, 404, "Not Found");
      return;
    }
    Routes.Match match = found.get();
    TokenBucket throttle = throttles.get(match.route().key());
    if (throttle != null && !throttle.admits()) {
      refuse(exchange, 429, "Too Many Requests");
      return;
    }
    if (body.length > MAX_BODY_BYTES) {
      refuse(exchange, 413, "Request Entity Too Large");
      return;
    }
    HttpEvent event =
        new HttpEvent(
            requestId,
            Instant.now(),
            exchange.getRequestMethod(),
            uri.getRawPath(),
            Optional.ofNullable(uri.getRawQuery()).orElse(""),
            exchange.getRequestHeaders(),
            exchange.getRemoteAddress().getAddress().getHostAddress(),
            body);
    byte[] payload = event.json(match);
    if (payload.length > RuntimeApi.MAX_PAYLOAD_BYTES) {
      refuse(exchange, 413, "Request Entity Too Large");
      return;
    }
    integrate(exchange, match.route().function(), payload);
  }

  private void integrate(HttpExchange exchange, String function, byte[] payload)
      throws IOException {
    FutureTask<Invocation> call = new FutureTask<>(() -> invoker.invoke(function, payload));
    Thread.ofVirtual().name("integration").start(call);
    try {
      answer(exchange, call.get(integrationTimeout.toMillis(), TimeUnit.MILLISECONDS).outcome());
    } catch (TimeoutException e) {
      refuse(exchange, 503, "Service Unavailable");
    } catch (ExecutionException e) {
      refuse(exchange, 500, "Internal Server Error");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.close();
    }
  }

  private static void answer(HttpExchange exchange, Outcome outcome) throws IOException {
    if (!(outcome instanceof Outcome.Answer answer)) {
      refuse(exchange, 500, "Internal Server Error");
      return;
    }
    try {
      JsonValue value = Json.readValue(answer.payload());
      if (!(value instanceof JsonObject object) || !object.containsKey("statusCode")) {
        // Format 2.0: an answer that is no response object is the body of a 200.
        Loopback.answer(exchange, 200, "application/json", answer.payload());
        return;
      }
      send(exchange, object);
    } catch (JsonException | ClassCastException | IllegalArgumentException e) {
      refuse(exchange, 500, "Internal Server Error");
    }
  }

  private static void send(HttpExchange exchange, JsonObject response) throws IOException {
    int status = response.getInt("statusCode");
    String text = response.containsKey("body") ? response.getString("body") : "";
    byte[] body =
        response.getBoolean("isBase64Encoded", false)
            ? Base64.getDecoder().decode(text)
            : text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain;charset=UTF-8");
    if (response.get("headers") instanceof JsonObject headers) {
      headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, plain(value)));
    }
    if (response.containsKey("cookies")) {
      response
          .getJsonArray("cookies")
          .forEach(cookie -> exchange.getResponseHeaders().add("Set-Cookie", plain(cookie)));
    }
    exchange.getResponseHeaders().remove("Content-Length");
    Loopback.answer(exchange, status, "", body);
  }

  private static String plain(JsonValue value) {
    return value instanceof JsonString string ? string.getString() : value.toString();
  }

  private static void refuse(HttpExchange exchange, int status, String message) throws IOException {
    byte[] body = Json.bytes(Json.object().add("message", message).build());
    boolean head = exchange.getRequestMethod().equals("HEAD");
    Loopback.answer(exchange, status, "application/json", head ? new byte[0] : body);
  }

  @Override
  public void close() {
    server.close();
  }
}
