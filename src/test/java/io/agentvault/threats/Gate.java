package io.agentvault.threats;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.runtime.Invocation;
import io.agentvault.local.runtime.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

/** The vault as its callers reach it: through the gateway, or by direct invocation. */
final class Gate {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(30);

  private final LocalCloud cloud;
  private final String url;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Gate(LocalCloud cloud) {
    this(cloud, cloud.url());
  }

  /** By another of the cloud's APIs. */
  Gate(LocalCloud cloud, String url) {
    this.cloud = cloud;
    this.url = url;
  }

  LocalCloud cloud() {
    return cloud;
  }

  Reply send(String method, String path, String bearer, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(PATIENCE)
            .header("content-type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!bearer.isEmpty()) {
      request.header("authorization", "Bearer " + bearer);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return Reply.of(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  Reply get(String path, String bearer) {
    return send("GET", path, bearer, "");
  }

  Reply store(Agent agent, String label, String body) {
    return send("PUT", "/v0/vault/" + label, agent.key(), body);
  }

  /** A direct invocation; a function error becomes the status of its type, or 0. */
  Reply direct(String function, String event) {
    return reply(invoke(function, event));
  }

  Invocation invoke(String function, String event) {
    return cloud.invoke(function, event.getBytes(StandardCharsets.UTF_8));
  }

  private static Reply reply(Invocation invocation) {
    return switch (invocation.outcome()) {
      case Outcome.Answer answer -> Reply.bare(200, answer.text());
      case Outcome.Throttled throttled -> Reply.bare(429, throttled.text());
      case Outcome.Failure failure -> Reply.bare(status(failure.errorType()), failure.text());
    };
  }

  private static int status(String errorType) {
    return switch (errorType.substring(errorType.lastIndexOf('.') + 1)) {
      case "BadRequest" -> 400;
      case "Unauthorized" -> 401;
      case "Forbidden" -> 403;
      case "NotFound" -> 404;
      case "Conflict", "QuotaExceeded" -> 409;
      case "Expired" -> 410;
      case "PayloadTooLarge" -> 413;
      case "Internal", "Tampered" -> 500;
      case "Unavailable" -> 503;
      default -> 0;
    };
  }

  static String tenant() {
    return "t-" + UUID.randomUUID();
  }

  /** An operator's token. */
  String operator(String tenant) {
    return cloud.operators().mint(tenant, TOKEN_LIFETIME);
  }

  /** A new identity with all scopes, made by IAM's way in. */
  Agent agent(String tenant) {
    Reply created =
        direct("identity", "{\"action\":\"identity.create\",\"tenant\":\"" + tenant + "\"}");
    if (!created.succeeded()) {
      throw new AssertionError("no identity was made: " + created);
    }
    JsonNode body = created.json();
    return new Agent(tenant, body.path("identityId").asText(), body.path("rawKey").asText());
  }

  Agent agent() {
    return agent(tenant());
  }
}
