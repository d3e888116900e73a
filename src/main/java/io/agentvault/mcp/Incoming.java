package io.agentvault.mcp;

import java.util.Optional;
import java.util.function.Function;

/**
 * One HTTP request to the MCP endpoint.
 *
 * @param method GET, POST, …
 * @param headers a header's value by its name in lower case
 * @param domain the host name that the gateway answers under
 * @param body as it was sent
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record Incoming(
    String method,
    Function<String, Optional<String>> headers,
    Optional<String> domain,
    byte[] body) {
  Optional<String> header(String name) {
    return headers.apply(name);
  }
}
