package io.agentvault.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;

/**
 * What a modern request repeats of its body in its headers, so that who stands between need not
 * read it. Where the two differ, somebody was told something else than we.
 *
 * @see <a
 *     href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-validation">
 *     Streamable HTTP, server validation</a>
 */
final class RequestHeaders {
  private static final String METHOD = "mcp-method";
  private static final String NAME = "mcp-name";
  private static final String ENCODED = "=?base64?";
  private static final String ENCODED_END = "?=";

  private RequestHeaders() {}

  /**
   * Holds the headers of a request to its body; no rule is defined for those of a notification.
   *
   * @param version what the body says
   * @throws ProtocolError when one is missing, malformed or different
   */
  static void check(Incoming http, Message message, String version) {
    if (!(message instanceof Message.Request)) {
      return;
    }
    require(http.header(Era.VERSION_HEADER), version, "MCP-Protocol-Version");
    require(http.header(METHOD), message.method(), "Mcp-Method");
    if (message.method().equals("tools/call")) {
      require(
          http.header(NAME).map(RequestHeaders::decoded),
          message.params().path("name").asText(),
          "Mcp-Name");
    }
  }

  private static void require(Optional<String> header, String body, String name) {
    if (header.isEmpty() || !header.get().equals(body)) {
      throw ProtocolError.headerMismatch(
          "Header mismatch: " + name + " must be given and equal to what the body says");
    }
  }

  private static String decoded(String value) {
    if (!value.startsWith(ENCODED) || !value.endsWith(ENCODED_END)) {
      return value;
    }
    try {
      String middle = value.substring(ENCODED.length(), value.length() - ENCODED_END.length());
      return new String(Base64.getDecoder().decode(middle), UTF_8);
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
      throw ProtocolError.headerMismatch("Header mismatch: Mcp-Name must be base64 where it says");
    }
  }
}
