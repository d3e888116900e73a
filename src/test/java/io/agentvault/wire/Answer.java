package io.agentvault.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What came back, whichever way the call went.
 *
 * @param way how it was asked
 * @param status of HTTP, or the one that stands for the function error's type
 * @param body the answer; of a function error {@code errorType} and {@code errorMessage}
 * @param headers by lower-case name; none of a direct invocation
 */
record Answer(Way way, int status, JsonNode body, Map<String, String> headers) {
  boolean isError() {
    return status >= 400;
  }

  /** What a human is told of an error. */
  String message() {
    return way == Way.HTTP ? body.path("message").asText() : body.path("errorMessage").asText();
  }

  String text(String field) {
    return body.path(field).asText();
  }

  @Override
  public String toString() {
    return way + " " + status + " " + body;
  }
}
