package io.agentvault.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.agentvault.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The two entrances of a deployment, spoken to as strangers would: API Gateway's and Lambda's. */
final class Wire {
  /** Statuses of the function errors, by the class name that is their type. */
  private static final Map<String, Integer> STATUSES =
      Map.ofEntries(
          Map.entry("BadRequest", 400),
          Map.entry("Unauthorized", 401),
          Map.entry("Forbidden", 403),
          Map.entry("NotFound", 404),
          Map.entry("Conflict", 409),
          Map.entry("QuotaExceeded", 409),
          Map.entry("Reauthorize", 409),
          Map.entry("Expired", 410),
          Map.entry("PayloadTooLarge", 413),
          Map.entry("Internal", 500),
          Map.entry("UpstreamUnreachable", 502),
          Map.entry("UpstreamTooLarge", 502),
          Map.entry("Unavailable", 503),
          Map.entry("UpstreamTimeout", 504));

  /** A function error that is none of ours. */
  static final int CRASHED = 599;

  private static final int HTTP_SHAPED = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI api;
  private final URI invoke;

  /**
   * @param api the HTTP API's URL
   * @param invoke the URL of Lambda's Invoke API
   */
  Wire(URI api, URI invoke) {
    this.api = api;
    this.invoke = invoke;
  }

  /** An HTTP request, {@code target} being its path and query as they go over the wire. */
  Answer http(String method, String target, Map<String, String> headers, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(api + target))
            .timeout(PATIENCE)
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    HttpResponse<byte[]> response = send(request.build());
    return new Answer(Way.HTTP, response.statusCode(), tree(response), headers(response));
  }

  /** The body of an answer, as it came over the wire. */
  String text(String method, String target, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(api + target)).method(method, BodyPublishers.noBody());
    headers.forEach(request::header);
    return new String(send(request.build()).body(), StandardCharsets.UTF_8);
  }

  /** An HTTP-shaped event that no gateway made: whoever may invoke can forge one. */
  Answer forged(String function, byte[] event) {
    Answer answer = direct(function, event, HTTP_SHAPED);
    if (answer.isError()) {
      return answer;
    }
    try {
      Map<String, String> headers = new LinkedHashMap<>();
      answer
          .body()
          .path("headers")
          .properties()
          .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
      return new Answer(
          Way.HTTP,
          answer.body().path("statusCode").asInt(),
          Call.JSON.readTree(answer.text("body")),
          headers);
    } catch (IOException e) {
      throw new UncheckedIOException("a body that is no JSON", e);
    }
  }

  /**
   * A direct invocation.
   *
   * @param successStatus what its success is called over HTTP
   */
  Answer direct(String function, byte[] event, int successStatus) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(invoke + "/2015-03-31/functions/" + function + "/invocations"))
            .timeout(PATIENCE)
            .POST(BodyPublishers.ofByteArray(event))
            .build();
    HttpResponse<byte[]> response = send(request);
    if (response.statusCode() != 200) {
      throw new IllegalStateException("Lambda itself answered " + response.statusCode());
    }
    JsonNode body = tree(response);
    boolean failed = response.headers().firstValue("X-Amz-Function-Error").isPresent();
    int status = failed ? status(body.path("errorType").asText()) : successStatus;
    return new Answer(Way.DIRECT, status, body, Map.of());
  }

  private static int status(String errorType) {
    String prefix = Problem.class.getPackageName() + ".";
    return errorType.startsWith(prefix)
        ? STATUSES.getOrDefault(errorType.substring(prefix.length()), CRASHED)
        : CRASHED;
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static JsonNode tree(HttpResponse<byte[]> response) {
    try {
      return response.body().length == 0
          ? MissingNode.getInstance()
          : Call.JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException("an answer that is no JSON", e);
    }
  }

  private static Map<String, String> headers(HttpResponse<?> response) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> header : response.headers().map().entrySet()) {
      // an HTTP API renames the challenge
      String name = header.getKey().toLowerCase(Locale.ROOT).replace("x-amzn-remapped-", "");
      headers.put(name, String.join(",", header.getValue()));
    }
    return headers;
  }
}
