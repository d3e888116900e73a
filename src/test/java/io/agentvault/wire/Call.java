package io.agentvault.wire;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * One call of the contract, said once for both ways.
 *
 * @param operation its operationId
 * @param caller who asks
 * @param parameters by their names in a direct invocation: {@code label}, {@code ifMatch}, …
 * @param body of the request
 */
record Call(String operation, Caller caller, ObjectNode parameters, Optional<JsonNode> body) {
  /** Keeps every digit of a number. */
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  static Call of(String operation, Caller caller) {
    return new Call(operation, caller, JsonNodeFactory.instance.objectNode(), Optional.empty());
  }

  /** A call of an operation on one credential. */
  static Call of(String operation, Caller caller, String label) {
    return of(operation, caller).with("label", label);
  }

  Call with(String parameter, String value) {
    ObjectNode more = parameters.deepCopy().put(parameter, value);
    return new Call(operation, caller, more, body);
  }

  Call with(String parameter, int value) {
    ObjectNode more = parameters.deepCopy().put(parameter, value);
    return new Call(operation, caller, more, body);
  }

  Call with(String parameter, boolean value) {
    ObjectNode more = parameters.deepCopy().put(parameter, value);
    return new Call(operation, caller, more, body);
  }

  /** With a body, written here with single quotes for double ones. */
  Call body(String json) {
    return body(json(json));
  }

  Call body(JsonNode json) {
    return new Call(operation, caller, parameters, Optional.of(json));
  }

  Call by(Caller other) {
    return new Call(operation, other, parameters, body);
  }

  /** The tree as it is read again after it was written: numbers have one form only then. */
  static JsonNode json(JsonNode tree) {
    try {
      return JSON.readTree(tree.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** JSON with single quotes for double ones. */
  static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return operation;
  }
}
