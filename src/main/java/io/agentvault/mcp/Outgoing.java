package io.agentvault.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * What is answered to an {@link Incoming}.
 *
 * @param status of HTTP
 * @param headers beside those that every answer has
 * @param body JSON, where there is one
 * @param method what was called, for the request log, once it is known to be one of ours
 */
public record Outgoing(
    int status, Map<String, String> headers, Optional<ObjectNode> body, Optional<String> method) {
  public Outgoing {
    headers = Map.copyOf(headers);
  }

  static Outgoing of(int status, ObjectNode body) {
    return new Outgoing(status, Map.of(), Optional.of(body), Optional.empty());
  }

  static Outgoing empty(int status, Map<String, String> headers) {
    return new Outgoing(status, headers, Optional.empty(), Optional.empty());
  }

  Outgoing calling(String name) {
    return new Outgoing(status, headers, body, Optional.of(name));
  }
}
