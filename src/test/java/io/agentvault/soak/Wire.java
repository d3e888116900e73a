package io.agentvault.soak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Requests to the gateway, each of them counted. */
final class Wire {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MOST_TRIES = 60;

  /**
   * What came back.
   *
   * @param status 0 when nothing did
   */
  record Got(int status, String body) {
    /** Nobody can say whether it happened: 503, a crash, or no answer at all. */
    boolean isUnknown() {
      return status == 0
          || status == 503
          || (status == 500 && !body.contains("\"error\":\"internal\""));
    }

    JsonNode json() {
      try {
        return MAPPER.readTree(body);
      } catch (JsonProcessingException e) {
        return MAPPER.createObjectNode();
      }
    }
  }

  private final String url;
  private final Violations violations;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Wire(String url, Violations violations) {
    this.url = url;
    this.violations = violations;
  }

  Got vault(String operation, String method, String path, String key, String body) {
    return send(operation, method, "/v0/vault" + path, key, body);
  }

  Got send(String operation, String method, String path, String bearer, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(PATIENCE)
            .header("authorization", "Bearer " + bearer)
            .header("content-type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    Got got;
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      got = new Got(response.statusCode(), response.body());
    } catch (IOException e) {
      got = new Got(0, "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      got = new Got(0, "");
    }
    violations.answered(operation, got.status());
    return got;
  }

  /** Repeats, as 503 asks for, until the end is known. */
  Got untilKnown(String operation, String method, String path, String bearer, String body) {
    Got got = send(operation, method, path, bearer, body);
    for (int tries = 1; got.isUnknown() && tries < MOST_TRIES; tries++) {
      got = send(operation, method, path, bearer, body);
    }
    return got;
  }
}
