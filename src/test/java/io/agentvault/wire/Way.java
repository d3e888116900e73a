package io.agentvault.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.wire.OpenApiDocument.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** The two ways to make a {@link Call}. */
enum Way {
  HTTP {
    @Override
    Answer send(Wire wire, Operation operation, Call call) {
      Map<String, String> headers = new LinkedHashMap<>();
      call.caller().bearer().ifPresent(it -> headers.put("Authorization", "Bearer " + it));
      header(call, "ifMatch").ifPresent(value -> headers.put("If-Match", value));
      header(call, "ifNoneMatch").ifPresent(value -> headers.put("If-None-Match", value));
      call.body().ifPresent(body -> headers.put("Content-Type", "application/json"));
      byte[] body =
          call.body().map(it -> it.toString().getBytes(StandardCharsets.UTF_8)).orElse(new byte[0]);
      return wire.http(operation.method(), target(operation, call.parameters()), headers, body);
    }
  },
  DIRECT {
    @Override
    Answer send(Wire wire, Operation operation, Call call) {
      return wire.direct(
          operation.function(),
          event(operation, call).toString().getBytes(StandardCharsets.UTF_8),
          operation.successStatus());
    }
  };

  private static final List<String> HEADERS = List.of("ifMatch", "ifNoneMatch");

  abstract Answer send(Wire wire, Operation operation, Call call);

  /** The event of a direct invocation: body fields and parameters side by side. */
  static ObjectNode event(Operation operation, Call call) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("action", operation.action());
    switch (call.caller()) {
      case Caller.Bearer(String credential) -> event.put("key", credential);
      case Caller.Operator(String tenant, String token) -> event.put("tenant", tenant);
      case Caller.Nobody() -> {}
    }
    event.setAll(call.parameters());
    call.body().ifPresent(body -> event.setAll((ObjectNode) body));
    return event;
  }

  /** Path and query of an HTTP request. */
  static String target(Operation operation, ObjectNode parameters) {
    String path = operation.path();
    StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
    for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
      String name = parameter.getKey().equals("identityId") ? "id" : parameter.getKey();
      String value = encoded(parameter.getValue().asText());
      if (path.contains("{" + name + "}")) {
        path = path.replace("{" + name + "}", value);
      } else if (!HEADERS.contains(name)) {
        query.add(name + "=" + value);
      }
    }
    return path + query;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Optional<String> header(Call call, String name) {
    return Optional.ofNullable(call.parameters().get(name)).map(JsonNode::asText);
  }
}
