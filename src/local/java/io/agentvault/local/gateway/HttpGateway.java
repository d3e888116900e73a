package io.agentvault.local.gateway;

import com.sun.net.httpserver.HttpExchange;
import io.agentvault.local.host.Account;
import io.agentvault.local.host.Json;
import io.agentvault.local.host.Loopback;
import io.agentvault.local.runtime.Invocation;
import io.agentvault.local.runtime.Invoker;
import io.agentvault.local.runtime.Outcome;
import io.agentvault.local.runtime.RuntimeApi;
import io.agentvault.local.template.Template;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
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

  /** Of the request line and all headers together. */
  static final int MAX_HEADER_BYTES = 10_240;

  private static final Duration INTEGRATION_TIMEOUT = Duration.ofSeconds(30);

  private final Routes routes;
  private final Map<String, TokenBucket> throttles = new HashMap<>();
  private final Invoker invoker;
  private final Duration integrationTimeout;
  private final Loopback server;

  /**
   * @param throttled whether routes are held to their throttles; one that is closed is so anyway
   */
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
    routes.stream()
        .filter(route -> throttled || route.throttle().isClosed())
        .forEach(
            route ->
                throttles.put(route.key(), new TokenBucket(route.throttle(), System::nanoTime)));
    this.server = Loopback.start("gateway", port, this::handle);
  }

  public String url() {
    return server.url();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String requestId = UUID.randomUUID().toString();
    exchange.getResponseHeaders().set("apigw-requestid", requestId);
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (headerBytes(exchange) > MAX_HEADER_BYTES) {
      refuse(exchange, 431, "Request Header Fields Too Large");
      return;
    }
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
    byte[] payload =
        HttpEvent.of(exchange, requestId, body)
            .json(
                new HttpEvent.Way(
                    Account.ID,
                    match.route().key(),
                    cut(Routes.decode(uri.getRawPath())),
                    match.pathParameters()));
    if (payload.length > RuntimeApi.MAX_PAYLOAD_BYTES) {
      refuse(exchange, 413, "Request Entity Too Large");
      return;
    }
    integrate(exchange, match.route().function(), payload);
  }

  private static int headerBytes(HttpExchange exchange) {
    int bytes =
        exchange.getRequestMethod().length() + exchange.getRequestURI().toString().length() + 10;
    for (Map.Entry<String, List<String>> header : exchange.getRequestHeaders().entrySet()) {
      for (String value : header.getValue()) {
        bytes += header.getKey().length() + value.length() + 4;
      }
    }
    return bytes;
  }

  /** HTTP APIs hand the path over decoded, and a question mark that was encoded ends it. */
  private static String cut(String path) {
    int question = path.indexOf('?');
    return question < 0 ? path : path.substring(0, question);
  }

  private void integrate(HttpExchange exchange, String function, byte[] payload)
      throws IOException {
    FutureTask<Invocation> call = new FutureTask<>(() -> invoker.invoke(function, payload));
    Thread.ofVirtual().name("integration").start(call);
    try {
      Invocation invocation = call.get(integrationTimeout.toMillis(), TimeUnit.MILLISECONDS);
      if (invocation.outcome() instanceof Outcome.Throttled) {
        refuse(exchange, 503, "Service Unavailable");
      } else if (!Responses.send(exchange, invocation.outcome())) {
        refuse(exchange, 500, "Internal Server Error");
      }
    } catch (TimeoutException e) {
      refuse(exchange, 503, "Service Unavailable");
    } catch (ExecutionException e) {
      refuse(exchange, 500, "Internal Server Error");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.close();
    }
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
