package io.agentvault.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.Optional;

/** One JSON-RPC message of a client; batches were removed with revision 2025-06-18. */
sealed interface Message {
  /** The method's name. */
  String method();

  /** The method's parameters; empty when none were sent. */
  ObjectNode params();

  /** What a request is answered with: its id, a text or a whole number. */
  record Request(JsonNode id, String method, ObjectNode params) implements Message {}

  /** What is not answered. */
  record Notification(String method, ObjectNode params) implements Message {}

  /**
   * The message in {@code body}.
   *
   * @throws ProtocolError when it is none
   */
  static Message parse(ObjectMapper json, byte[] body) {
    JsonNode tree = tree(json, body);
    JsonNode method = tree.path("method");
    JsonNode params = tree.path("params");
    if (!tree.isObject()
        || !tree.path("jsonrpc").asText().equals("2.0")
        || !method.isTextual()
        || !(params.isMissingNode() || params.isObject())
        || (tree.has("id") && id(tree).isEmpty())) {
      throw new ProtocolError(
          400, ProtocolError.INVALID_REQUEST, "must be one JSON-RPC 2.0 request or notification");
    }
    ObjectNode given =
        params instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    return id(tree)
        .<Message>map(id -> new Request(id, method.textValue(), given))
        .orElseGet(() -> new Notification(method.textValue(), given));
  }

  /** The id of a request; null, true or a fraction is none (basic, "Requests"). */
  private static Optional<JsonNode> id(JsonNode tree) {
    return Optional.ofNullable(tree.get("id"))
        .filter(id -> id.isTextual() || id.isIntegralNumber());
  }

  private static JsonNode tree(ObjectMapper json, byte[] body) {
    try {
      return json.readTree(
          UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(body))
              .toString());
    } catch (CharacterCodingException
        | JsonProcessingException
        | NumberFormatException
        | ArithmeticException e) {
      // what the parser says quotes what was sent
      throw new ProtocolError(400, ProtocolError.PARSE, "must be well-formed JSON in UTF-8");
    }
  }
}
