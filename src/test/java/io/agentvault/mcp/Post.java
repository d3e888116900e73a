package io.agentvault.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.remote.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A request as a client of either era makes it, to be spoilt by a test. */
final class Post {
  static final ObjectMapper JSON = new ObjectMapper();
  static final List<Duration> PAUSES = new ArrayList<>();
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  final Map<String, String> headers = new HashMap<>();
  final ObjectNode message;
  String method = "POST";
  Optional<String> domain = Optional.of("vault.example");
  Instant now = NOW;

  private Post(String rpc) {
    message = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 1).put("method", rpc);
    message.putObject("params");
  }

  static Post modern(String rpc) {
    Post post = new Post(rpc);
    post.headers.put("mcp-protocol-version", Era.MODERN);
    post.headers.put("mcp-method", rpc);
    ObjectNode meta = post.params().putObject("_meta");
    meta.put(Era.VERSION_KEY, Era.MODERN).putObject(Era.CAPABILITIES_KEY);
    return post;
  }

  static Post legacy(String rpc) {
    return new Post(rpc);
  }

  Post calling(String tool) {
    headers.put("mcp-name", tool);
    params().put("name", tool).putObject("arguments").put("label", "github");
    return this;
  }

  Post openingUrls() {
    ((ObjectNode) params().path("_meta").path(Era.CAPABILITIES_KEY))
        .putObject("elicitation")
        .putObject("url");
    return this;
  }

  ObjectNode params() {
    return (ObjectNode) message.get("params");
  }

  ObjectNode arguments() {
    return (ObjectNode) params().get("arguments");
  }

  Outgoing to(Actions actions) {
    return sent(message.toString(), actions);
  }

  Outgoing sent(String body, Actions actions) {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    return new Mcp(JSON, new Origins(Set.of("https://console.example")), "1.2.3", PAUSES::add)
        .answer(
            new Incoming(
                method,
                name -> Optional.ofNullable(headers.get(name)),
                domain,
                body.getBytes(UTF_8)),
            actions,
            Deadline.after(Duration.ofSeconds(20), clock));
  }

  static JsonNode result(Outgoing out) {
    return out.body().orElseThrow().required("result");
  }

  static int error(Outgoing out) {
    return out.body().orElseThrow().required("error").required("code").intValue();
  }
}
