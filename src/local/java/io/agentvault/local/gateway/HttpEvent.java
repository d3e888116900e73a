package io.agentvault.local.gateway;

import com.sun.net.httpserver.HttpExchange;
import io.agentvault.local.host.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A request as the event that an HTTP API or a Function URL sends to a function, payload format
 * 2.0.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">payload
 *     format 2.0</a>
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HttpEvent(
    String requestId,
    Instant time,
    String method,
    String rawQuery,
    Map<String, List<String>> headers,
    String sourceIp,
    String domainName,
    byte[] body) {
  private static final DateTimeFormatter COMMON_LOG =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "transfer-encoding",
          "upgrade",
          "te",
          "trailer",
          "expect",
          "http2-settings");

  static HttpEvent of(HttpExchange exchange, String requestId, byte[] body) {
    return new HttpEvent(
        requestId,
        Instant.now(),
        exchange.getRequestMethod(),
        Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""),
        exchange.getRequestHeaders(),
        exchange.getRemoteAddress().getAddress().getHostAddress(),
        domainName(exchange.getLocalAddress()),
        body);
  }

  /** The gateway's own name, as on AWS: what a caller put into {@code Host} is none. */
  private static String domainName(InetSocketAddress own) {
    return own.getAddress().getHostAddress() + ":" + own.getPort();
  }

  /** Which way a request came in, and what the event says of that. */
  record Way(String account, String routeKey, String path, Map<String, String> pathParameters) {}

  byte[] json(Way way) {
    Map<String, String> flat = flatHeaders();
    JsonObjectBuilder event = Json.object();
    event.add("version", "2.0");
    event.add("routeKey", way.routeKey());
    event.add("rawPath", way.path());
    event.add("rawQueryString", rawQuery);
    cookies(flat).ifPresent(cookies -> event.add("cookies", cookies));
    event.add("headers", object(flat));
    if (!rawQuery.isEmpty()) {
      event.add("queryStringParameters", object(query()));
    }
    event.add("requestContext", context(way, flat));
    if (!way.pathParameters().isEmpty()) {
      event.add("pathParameters", object(way.pathParameters()));
    }
    addBody(event, flat.getOrDefault("content-type", ""));
    return Json.bytes(event.build());
  }

  /** Names in lower case, several values joined by commas, hop-by-hop ones left out. */
  private Map<String, String> flatHeaders() {
    Map<String, String> flat = new TreeMap<>();
    headers.forEach(
        (name, values) ->
            flat.merge(
                name.toLowerCase(Locale.ROOT), String.join(",", values), (a, b) -> a + "," + b));
    flat.keySet().removeAll(HOP_BY_HOP);
    flat.put("content-length", Integer.toString(body.length));
    flat.put("x-forwarded-for", sourceIp);
    flat.put("x-forwarded-port", "443");
    flat.put("x-forwarded-proto", "https");
    flat.put("x-amzn-trace-id", "Root=1-" + requestId.substring(0, 8) + "-" + "0".repeat(24));
    return flat;
  }

  private static Optional<JsonArrayBuilder> cookies(Map<String, String> flat) {
    return Optional.ofNullable(flat.remove("cookie"))
        .map(
            header -> {
              JsonArrayBuilder cookies = Json.array();
              for (String cookie : header.split(";\\s*", -1)) {
                cookies.add(cookie);
              }
              return cookies;
            });
  }

  private Map<String, String> query() {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : rawQuery.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        query.merge(form(name), form(value), (a, b) -> a + "," + b);
      }
    }
    return query;
  }

  private static String form(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private JsonObject context(Way way, Map<String, String> flat) {
    JsonObjectBuilder http =
        Json.object()
            .add("method", method)
            .add("path", way.path())
            .add("protocol", "HTTP/1.1")
            .add("sourceIp", sourceIp)
            .add("userAgent", flat.getOrDefault("user-agent", ""));
    return Json.object()
        .add("accountId", way.account())
        .add("apiId", "local")
        .add("domainName", domainName)
        .add("domainPrefix", "local")
        .add("http", http)
        .add("requestId", requestId)
        .add("routeKey", way.routeKey())
        .add("stage", "$default")
        .add("time", COMMON_LOG.format(time))
        .add("timeEpoch", time.toEpochMilli())
        .build();
  }

  /** Text goes as it is, anything else in base64; without a body there is no field of that name. */
  private void addBody(JsonObjectBuilder event, String contentType) {
    Optional<String> text = isText(contentType) ? utf8() : Optional.empty();
    if (body.length > 0) {
      event.add("body", text.orElseGet(() -> Base64.getEncoder().encodeToString(body)));
    }
    event.add("isBase64Encoded", body.length > 0 && text.isEmpty());
  }

  static boolean isText(String contentType) {
    String type = contentType.split(";", -1)[0].strip().toLowerCase(Locale.ROOT);
    return type.startsWith("text/")
        || type.endsWith("+json")
        || type.endsWith("+xml")
        || Set.of("application/json", "application/xml", "application/javascript").contains(type);
  }

  private Optional<String> utf8() {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static JsonObject object(Map<String, String> map) {
    JsonObjectBuilder object = Json.object();
    map.forEach(object::add);
    return object.build();
  }
}
