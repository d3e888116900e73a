package io.agentvault.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * Which of the protocol's two eras a request belongs to. It is known from the request alone.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning">
 *     Versioning and compatibility</a>
 */
sealed interface Era {
  /** Every request carries its version and its client's capabilities. */
  String MODERN = "2026-07-28";

  /** The newest version with an {@code initialize}; what a client of an unknown one is offered. */
  String LEGACY = "2025-11-25";

  /** Newest first. */
  List<String> VERSIONS = List.of(MODERN, LEGACY, "2025-06-18");

  String META_PREFIX = "io.modelcontextprotocol/";
  String VERSION_KEY = META_PREFIX + "protocolVersion";
  String CAPABILITIES_KEY = META_PREFIX + "clientCapabilities";
  String VERSION_HEADER = "mcp-protocol-version";

  /**
   * From 2026-07-28 on.
   *
   * @param opensUrls whether the client can show its user a page to go to
   */
  record Modern(boolean opensUrls) implements Era {}

  /** Up to 2025-11-25. */
  record Legacy() implements Era {}

  /**
   * The era of a request.
   *
   * @throws ProtocolError when it says that it is modern and is not, or asks for another version
   */
  static Era of(Incoming http, Message message) {
    JsonNode meta = message.params().path("_meta");
    Optional<String> header = http.header(VERSION_HEADER);
    if (meta.has(VERSION_KEY) || meta.has(CAPABILITIES_KEY) || header.equals(Optional.of(MODERN))) {
      return modern(http, message, meta);
    }
    if (header.isPresent() && !VERSIONS.contains(header.get())) {
      throw unsupported(header.get());
    }
    return new Legacy();
  }

  private static Modern modern(Incoming http, Message message, JsonNode meta) {
    String version = meta.path(VERSION_KEY).asText();
    // basic, "_meta": a request that misses a required field is malformed
    if (!meta.path(VERSION_KEY).isTextual() || !meta.path(CAPABILITIES_KEY).isObject()) {
      throw new ProtocolError(
          400,
          ProtocolError.INVALID_PARAMS,
          "params._meta must have " + VERSION_KEY + " and " + CAPABILITIES_KEY);
    }
    RequestHeaders.check(http, message, version);
    if (!version.equals(MODERN)) {
      throw unsupported(version);
    }
    return new Modern(meta.path(CAPABILITIES_KEY).path("elicitation").path("url").isObject());
  }

  private static ProtocolError unsupported(String requested) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    VERSIONS.forEach(data.putArray("supported")::add);
    // told back as the specification says, unless it is no version but something pasted
    data.put("requested", requested.matches("[A-Za-z0-9.-]{1,32}") ? requested : "unknown");
    return new ProtocolError(
        400, ProtocolError.UNSUPPORTED_VERSION, "Unsupported protocol version", Optional.of(data));
  }
}
