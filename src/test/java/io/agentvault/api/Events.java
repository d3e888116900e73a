package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.identity.AgentKey;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Events as an HTTP API or a direct caller would send them; JSON with single quotes for double. */
public final class Events {
  private Events() {}

  /** An HTTP request without body, query and bearer. */
  public static ObjectNode http(String method, String path) {
    ObjectNode event = json("{'version':'2.0','rawQueryString':'','isBase64Encoded':false}");
    event.put("rawPath", path);
    ObjectNode context = event.putObject("requestContext");
    context.put("requestId", "gateway-request-1").put("stage", "$default");
    context.putObject("http").put("method", method).put("path", path);
    event.putObject("headers").put("host", "vault.example");
    return event;
  }

  public static ObjectNode http(String method, String path, String bearer) {
    ObjectNode event = http(method, path);
    event.withObject("headers").put("authorization", "Bearer " + bearer);
    return event;
  }

  public static ObjectNode http(String method, String path, AgentKey key) {
    return http(method, path, Bodies.text(key));
  }

  public static ObjectNode withBody(ObjectNode event, String body) {
    return event.put("body", body.replace('\'', '"'));
  }

  public static ObjectNode withQuery(ObjectNode event, String name, String value) {
    event.withObject("queryStringParameters").put(name, value);
    return event;
  }

  public static ObjectNode withHeader(ObjectNode event, String name, String value) {
    event.withObject("headers").put(name, value);
    return event;
  }

  public static ObjectNode json(String text) {
    return parse(text.replace('\'', '"').getBytes(UTF_8));
  }

  public static ObjectNode parse(byte[] bytes) {
    try {
      return (ObjectNode) Json.MAPPER.readTree(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
