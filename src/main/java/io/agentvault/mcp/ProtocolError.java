package io.agentvault.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A request that the protocol refuses, before any tool is asked. Like a problem it has no stack
 * trace and repeats nothing that was sent.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic#error-codes">Error
 *     codes</a>
 */
final class ProtocolError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final int PARSE = -32700;
  static final int INVALID_REQUEST = -32600;
  static final int METHOD_NOT_FOUND = -32601;
  static final int INVALID_PARAMS = -32602;
  static final int HEADER_MISMATCH = -32020;
  static final int UNSUPPORTED_VERSION = -32022;

  private final int status;
  private final int code;
  private final transient Optional<ObjectNode> data;

  ProtocolError(int status, int code, String message) {
    this(status, code, message, Optional.empty());
  }

  ProtocolError(int status, int code, String message, Optional<ObjectNode> data) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.data = data;
  }

  /** What the client could not have meant: its parameters are not what the method takes. */
  static ProtocolError invalidParams(String message) {
    return new ProtocolError(200, INVALID_PARAMS, message);
  }

  static ProtocolError headerMismatch(String message) {
    return new ProtocolError(400, HEADER_MISMATCH, message);
  }

  int status() {
    return status;
  }

  int code() {
    return code;
  }

  Optional<ObjectNode> data() {
    return data;
  }
}
