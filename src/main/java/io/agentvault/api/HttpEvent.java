package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.PayloadTooLarge;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request as an HTTP API delivers it, payload format 2.0.
 *
 * <p>HTTP APIs deliver path and path parameters percent-decoded, so they are not decoded again: a
 * label encoded twice still holds a {@code %} here, which no label may.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">
 *     AWS Lambda proxy integrations for HTTP APIs</a>
 */
final class HttpEvent {
  private static final String BEARER = "bearer ";

  private final ObjectNode event;

  private HttpEvent(ObjectNode event) {
    this.event = event;
  }

  /** The HTTP request in {@code event}, if it has the shape of one. */
  static Optional<HttpEvent> of(ObjectNode event) {
    return event.path("requestContext").path("http").path("method").isTextual()
        ? Optional.of(new HttpEvent(event))
        : Optional.empty();
  }

  /** The gateway's name of this request. */
  Optional<String> requestId() {
    return Optional.ofNullable(event.path("requestContext").path("requestId").textValue());
  }

  /**
   * The call that this is.
   *
   * @throws NotFound when there is no such route
   * @throws PayloadTooLarge when the body is over 128 KiB
   */
  Request request(Route.Plane plane) {
    Route route = route(plane);
    byte[] body = body(route.mostBodyBytes());
    return new Request(
        route,
        false,
        header("authorization").flatMap(HttpEvent::bearer),
        target(route),
        name -> pathParameter(route, name).or(() -> Optional.ofNullable(queryParameter(name))),
        this::header,
        () -> body.length == 0 ? Optional.empty() : Optional.of(checked(Json.object("body", body))),
        Optional.of(this));
  }

  private static ObjectNode checked(ObjectNode body) {
    Json.check("body", body);
    return body;
  }

  private Route route(Route.Plane plane) {
    return Route.ofPath(plane, method(), segments()).orElseThrow(() -> new NotFound("route"));
  }

  /** The path's segments, without a stage's name that stands before the API's version. */
  private String[] segments() {
    String path = event.path("rawPath").asText();
    String stage = "/" + event.path("requestContext").path("stage").asText();
    return (path.startsWith(stage + "/") ? path.substring(stage.length()) : path).split("/", -1);
  }

  private Optional<String> target(Route route) {
    String[] template = route.path().split("/", -1);
    for (int i = 0; i < template.length; i++) {
      if (template[i].startsWith("{")) {
        return Optional.of(segments()[i]);
      }
    }
    return Optional.empty();
  }

  /** What stands in the path where the route has {@code {name}}. */
  private Optional<JsonNode> pathParameter(Route route, String name) {
    int at = Arrays.asList(route.path().split("/", -1)).indexOf("{" + name + "}");
    return at < 0 ? Optional.empty() : Optional.of(TextNode.valueOf(segments()[at]));
  }

  /** Where this API is reached: what a link to another of its pages begins with. */
  Optional<String> base() {
    JsonNode context = event.path("requestContext");
    String stage = "/" + context.path("stage").asText();
    boolean inPath = event.path("rawPath").asText().startsWith(stage + "/");
    return domain()
        .map(host -> (isLoopback(host) ? "http://" : "https://") + host + (inPath ? stage : ""));
  }

  private static boolean isLoopback(String host) {
    return host.matches("(127\\.0\\.0\\.1|localhost)(:[0-9]{1,5})?");
  }

  /** The host name that the gateway answers under. */
  Optional<String> domain() {
    return Optional.ofNullable(event.path("requestContext").path("domainName").textValue());
  }

  private @org.jspecify.annotations.Nullable JsonNode queryParameter(String name) {
    JsonNode value = event.path("queryStringParameters").get(name);
    return value == null || value.isNull() ? null : TextNode.valueOf(value.asText());
  }

  /** A header by its lower-case name; several of the same name stand joined by commas. */
  Optional<String> header(String name) {
    for (Map.Entry<String, JsonNode> header : event.path("headers").properties()) {
      if (header.getKey().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.ofNullable(header.getValue().textValue());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> bearer(String header) {
    return header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? Optional.of(header.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  /** The HTTP method, as it was sent. */
  String method() {
    return event.path("requestContext").path("http").path("method").asText();
  }

  /** The event itself. */
  ObjectNode event() {
    return event;
  }

  /**
   * The body's bytes.
   *
   * @throws PayloadTooLarge when there are more than {@code most}
   */
  byte[] body(int most) {
    String text = event.path("body").asText("");
    boolean base64 = event.path("isBase64Encoded").asBoolean(false);
    if (text.length() > (base64 ? most / 3 * 4 + 4 : most)) {
      throw Endpoint.tooLarge();
    }
    Json.requireUnicode("body", text);
    byte[] body = base64 ? decoded(text) : text.getBytes(UTF_8);
    if (body.length > most) {
      throw Endpoint.tooLarge();
    }
    return body;
  }

  private static byte[] decoded(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new BadRequest("body", "must be base64 when isBase64Encoded is true");
    }
  }
}
