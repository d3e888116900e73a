package io.agentvault.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.BadRequest;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A call, whatever its shape on the wire.
 *
 * @param route which call
 * @param isDirect whether IAM let the caller invoke the function, and no gateway stands before it
 * @param bearer what the caller presents to prove itself
 * @param target the label or the identity's id, percent-decoded
 * @param parameters what a query string or a direct invocation adds
 * @param precondition a header's, or a direct invocation's field's, text
 * @param body the JSON that was sent, if anything was; read only when asked for
 * @param http the request as it came, for what is more than JSON; empty for a direct invocation
 */
record Request(
    Route route,
    boolean isDirect,
    Optional<String> bearer,
    Optional<String> target,
    Function<String, Optional<JsonNode>> parameters,
    Function<String, Optional<String>> precondition,
    Supplier<Optional<ObjectNode>> body,
    Optional<HttpEvent> http) {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

  /** This request, made for one that came over HTTP. */
  Request cameOver(Optional<HttpEvent> event) {
    return new Request(route, isDirect, bearer, target, parameters, precondition, body, event);
  }

  /**
   * The fields of a body that must be there.
   *
   * @throws BadRequest when there is none, or it is not one JSON object
   */
  Fields fields() {
    return new Fields(
        body.get().orElseThrow(() -> new BadRequest("body", "must be one JSON object")));
  }

  /** The fields of a body that may be left out. */
  Fields optionalFields() {
    return new Fields(body.get().orElseGet(Bodies::object));
  }

  /** A whole number in a parameter: a JSON number, or its digits. */
  int integer(String name, int least, int most, int otherwise) {
    Optional<JsonNode> value = parameters.apply(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    JsonNode node = value.get();
    String digits = node.isIntegralNumber() || node.isTextual() ? node.asText() : "";
    if (DIGITS.matcher(digits).matches()) {
      int number = Integer.parseInt(digits);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new BadRequest(name, "must be a whole number from " + least + " to " + most);
  }

  /** A yes or no in a parameter; absent is no. */
  boolean flag(String name) {
    Optional<String> text = parameters.apply(name).map(JsonNode::asText);
    if (text.isEmpty() || text.get().equals("false")) {
      return false;
    }
    if (!text.get().equals("true")) {
      throw new BadRequest(name, "must be true or false");
    }
    return true;
  }

  /** A text in a parameter. */
  Optional<String> text(String name) {
    Optional<JsonNode> value = parameters.apply(name);
    if (value.isPresent() && !value.get().isTextual()) {
      throw new BadRequest(name, "must be a string");
    }
    return value.map(JsonNode::textValue);
  }
}
