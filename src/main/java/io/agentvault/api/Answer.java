package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.vault.Precondition.Etag;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a call answers when it succeeds.
 *
 * @param status 200 to 599
 * @param headers by lower-case name, beside those that every answer has; they win over these
 * @param body what stands in it
 */
record Answer(int status, Map<String, String> headers, Body body) {
  Answer {
    headers = Map.copyOf(headers);
  }

  /** What an answer says. */
  sealed interface Body {
    /** A JSON object, which is also what a direct invocation answers. */
    record Json(ObjectNode tree) implements Body {}

    /** Text of another kind, such as a page. */
    record Text(String contentType, String text) implements Body {}

    /** Bytes that a gateway is to decode from base64. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bytes(byte[] bytes) implements Body {}

    /** Nothing. */
    record None() implements Body {}
  }

  static Answer ok(ObjectNode body) {
    return of(200, body);
  }

  static Answer ok(ObjectNode body, Etag etag) {
    return ok(body).with("etag", etag.text());
  }

  static Answer created(ObjectNode body) {
    return of(201, body);
  }

  static Answer of(int status, ObjectNode body) {
    return new Answer(status, Map.of(), new Body.Json(body));
  }

  /** This answer with one header more, named in lower case. */
  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body);
  }
}
