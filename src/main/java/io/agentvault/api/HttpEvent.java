package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.PayloadTooLarge;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  private static final String PROXY = "/v0/proxy/";
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
    Located located = Located.of(plane, event);
    byte[] body = body(located.route().mostBodyBytes());
    return new Request(
        located.route(),
        false,
        header("authorization").flatMap(HttpEvent::bearer),
        located.target(),
        name ->
            located
                .parameter(name)
                .<JsonNode>map(TextNode::valueOf)
                .or(() -> Optional.ofNullable(queryParameter(name))),
        this::header,
        () -> body.length == 0 ? Optional.empty() : Optional.of(checked(Json.object("body", body))),
        Optional.of(this));
  }

  private static ObjectNode checked(ObjectNode body) {
    Json.check("body", body);
    return body;
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

  private @Nullable JsonNode queryParameter(String name) {
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

  /**
   * Whether it asks for an upstream's answer as if we were the upstream, be the route as it may.
   */
  boolean isProxied() {
    return event.path("rawPath").asText().contains(PROXY);
  }

  /** Whether it speaks the Model Context Protocol, whose errors have a shape of their own. */
  boolean isMcp() {
    String path = event.path("rawPath").asText();
    return path.endsWith(Route.MCP.path()) && !path.contains("/v0/");
  }

  /** All headers, by the names that the gateway gave them. */
  Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    event
        .path("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    return headers;
  }

  /**
   * The upstream's path of a call in the proxy form: what stands behind the label, and its slash.
   */
  String proxiedPath() {
    String path = event.path("rawPath").asText();
    return path.substring(path.indexOf('/', path.indexOf(PROXY) + PROXY.length()));
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
      throw Endpoint.tooLarge(most);
    }
    Json.requireUnicode("body", text);
    byte[] body = base64 ? decoded(text) : text.getBytes(UTF_8);
    if (body.length > most) {
      throw Endpoint.tooLarge(most);
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
