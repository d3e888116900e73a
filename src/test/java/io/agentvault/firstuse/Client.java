package io.agentvault.firstuse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.local.LocalCloud;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** An HTTP client of the vault that says what it got; for tests. */
public final class Client {
  /** Plain trees, as any client reads them. */
  public static final ObjectMapper JSON = new ObjectMapper();

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String url;
  private final String bearer;

  private Client(String url, String bearer) {
    this.url = url;
    this.bearer = bearer;
  }

  /** Whoever presents that key or token. */
  public static Client of(LocalCloud cloud, String bearer) {
    return new Client(cloud.url(), bearer);
  }

  /** An operator of that tenant. */
  public static Client operator(LocalCloud cloud, String tenant) {
    return new Client(cloud.url(), cloud.operators().mint(tenant, Duration.ofMinutes(30)));
  }

  /** A new agent of the tenant "tests". */
  public static Client newAgent(LocalCloud cloud) {
    Response created = operator(cloud, "tests").send("POST", "/v0/platform/identities", "{}");
    return new Client(cloud.url(), created.body().path("rawKey").asText());
  }

  /** What it presents. */
  public String bearer() {
    return bearer;
  }

  public Response get(String path) {
    return send("GET", path, "");
  }

  public Response delete(String path) {
    return send("DELETE", path, "");
  }

  public Response put(String label, JsonNode body) {
    return send("PUT", "/v0/vault/" + label, body.toString());
  }

  /** Sends a request; an empty body is none. */
  public Response send(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(60))
            .header("content-type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!bearer.isEmpty()) {
      request.header("authorization", "Bearer " + bearer);
    }
    try {
      HttpResponse<byte[]> response =
          HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Response(response.statusCode(), JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A credential of type API_KEY. */
  public static ObjectNode apiKey(String key) {
    ObjectNode body = JSON.createObjectNode().put("type", "API_KEY");
    body.putObject("data").put("key", key);
    return body;
  }

  /**
   * An answer.
   *
   * @param status the HTTP status
   * @param body always a JSON object
   */
  public record Response(int status, JsonNode body) {
    /** The body of an error without what differs from call to call. */
    public JsonNode error() {
      ObjectNode error = body.deepCopy();
      error.remove("requestId");
      return error;
    }
  }
}
