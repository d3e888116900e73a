package io.agentvault.threats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Map;

/**
 * What a caller got.
 *
 * @param status of HTTP; for a direct invocation that of the wire contract's code
 * @param body as it came
 */
record Reply(int status, HttpHeaders headers, String body) {
  static final ObjectMapper MAPPER = new ObjectMapper();

  static Reply of(HttpResponse<String> response) {
    return new Reply(response.statusCode(), response.headers(), response.body());
  }

  static Reply bare(int status, String body) {
    return new Reply(status, HttpHeaders.of(Map.of(), (name, value) -> true), body);
  }

  JsonNode json() {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON, status " + status);
    }
  }

  /** The {@code error} code; empty when it is no error of the vault's. */
  String error() {
    return json().path("error").asText("");
  }

  boolean succeeded() {
    return status == 200 || status == 201;
  }

  /** The body is left out: it may hold what must not be printed. */
  @Override
  public String toString() {
    return status + (succeeded() ? "" : " " + error());
  }
}
