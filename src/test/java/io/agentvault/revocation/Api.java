package io.agentvault.revocation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.keys.OperatorKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Agents and operators on their way to a cloud: plain HTTP, and what comes back. */
final class Api {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String IDENTITIES = "/v0/platform/identities";
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(2);

  private final LocalCloud cloud;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Api(LocalCloud cloud) {
    this.cloud = cloud;
  }

  /**
   * What was answered.
   *
   * @param text the body as it came
   * @param begun by {@link System#nanoTime}, before the request was sent
   */
  record Reply(int status, String text, ObjectNode body, Optional<String> etag, long begun) {
    boolean isSuccess() {
      return status / 100 == 2;
    }

    String error() {
      return body.path("error").asText();
    }
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the test's own JSON", e);
    }
  }

  /** A token of an operator of that name. */
  String operator(String tenant, String name) {
    return cloud
        .operators()
        .sign(OperatorKeys.claims(tenant, TOKEN_LIFETIME).add("sub", name).build());
  }

  Reply get(String bearer, String path) {
    return send("GET", path, bearer, Optional.empty(), Map.of());
  }

  Reply post(String bearer, String path, JsonNode body) {
    return send("POST", path, bearer, Optional.of(body), Map.of());
  }

  Reply patch(String bearer, String path, JsonNode body) {
    return send("PATCH", path, bearer, Optional.of(body), Map.of());
  }

  Reply store(String key, String label, JsonNode body) {
    return send("PUT", vault(label), key, Optional.of(body), Map.of());
  }

  Reply delete(String bearer, String path) {
    return send("DELETE", path, bearer, Optional.empty(), Map.of());
  }

  static String vault(String label) {
    return "/v0/vault/" + label;
  }

  static String identity(String id) {
    return IDENTITIES + "/" + id;
  }

  /** A new identity with every scope. */
  ObjectNode create(String operator) {
    Reply created = post(operator, IDENTITIES, object());
    if (created.status() != 201) {
      throw new AssertionError("create answered " + created.status() + " " + created.error());
    }
    return created.body();
  }

  Reply rotate(String operator, String id, int graceSeconds) {
    return post(operator, identity(id) + "/rotate-key", object().put("graceSeconds", graceSeconds));
  }

  Reply revoke(String operator, String id) {
    return delete(operator, identity(id));
  }

  Reply send(
      String method,
      String path,
      String bearer,
      Optional<JsonNode> body,
      Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(cloud.url() + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + bearer)
            .method(
                method,
                body.isPresent()
                    ? HttpRequest.BodyPublishers.ofString(body.get().toString())
                    : HttpRequest.BodyPublishers.noBody());
    headers.forEach(request::header);
    long begun = System.nanoTime();
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Reply(
          response.statusCode(),
          response.body(),
          (ObjectNode) JSON.readTree(response.body()),
          response.headers().firstValue("etag"),
          begun);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
