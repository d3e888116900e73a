package io.agentvault.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Answers and problems as an HTTP API and a function URL take them, payload format 2.0. Every one
 * is uncacheable, unless it says otherwise.
 */
final class HttpResponse {
  private static final int USUAL_BYTES = 1024;
  private static final String CHALLENGE = "Bearer realm=\"agent-vault\"";

  private HttpResponse() {}

  /** What the function answers, a JSON object in UTF-8. */
  static byte[] of(Answer answer) {
    ByteArrayBuilder response = new ByteArrayBuilder(USUAL_BYTES);
    try (JsonGenerator json = Json.MAPPER.createGenerator(response)) {
      json.writeStartObject();
      json.writeNumberField("statusCode", answer.status());
      json.writeObjectFieldStart("headers");
      for (Map.Entry<String, String> header : headers(answer).entrySet()) {
        json.writeStringField(header.getKey(), header.getValue());
      }
      json.writeEndObject();
      json.writeFieldName("body");
      writeBody(json, answer.body());
      json.writeBooleanField("isBase64Encoded", answer.body() instanceof Answer.Body.Bytes);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("an answer of our own can be written");
    }
    return response.toByteArray();
  }

  private static Map<String, String> headers(Answer answer) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("cache-control", "no-store");
    switch (answer.body()) {
      case Answer.Body.Json json -> headers.put("content-type", "application/json");
      case Answer.Body.Text text -> headers.put("content-type", text.contentType());
      case Answer.Body.Bytes bytes -> {}
      case Answer.Body.None none -> {}
    }
    headers.putAll(answer.headers());
    return headers;
  }

  /** JSON is escaped as the bytes that it is: by way of a text it takes a third more. */
  private static void writeBody(JsonGenerator json, Answer.Body body) throws IOException {
    switch (body) {
      case Answer.Body.Json(ObjectNode tree) -> {
        byte[] bytes = Json.bytes(tree);
        json.writeUTF8String(bytes, 0, bytes.length);
      }
      case Answer.Body.Text(String contentType, String text) -> json.writeString(text);
      case Answer.Body.Bytes(byte[] bytes) ->
          json.writeString(Base64.getEncoder().encodeToString(bytes));
      case Answer.Body.None() -> json.writeString("");
    }
  }

  /** A failure that came before or beside the protocol, in its shape: JSON-RPC, for no request. */
  static Answer overMcp(Answer failed, Problem problem) {
    ObjectNode body = Bodies.object().put("jsonrpc", "2.0").putNull("id");
    ObjectNode error = body.putObject("error");
    error.put("code", problem.status()).put("message", problem.getMessage());
    error.putObject("data").put("error", problem.code());
    return new Answer(failed.status(), failed.headers(), new Answer.Body.Json(body));
  }

  /** What a failed call answers. */
  static Answer answer(Problem problem, String requestId) {
    Answer answer = Answer.of(problem.status(), Bodies.error(problem, requestId));
    return switch (problem) {
      case Unavailable unavailable ->
          answer.with("retry-after", Integer.toString(unavailable.retryAfterSeconds()));
      case Unauthorized nobody -> answer.with("www-authenticate", CHALLENGE);
      default -> answer;
    };
  }
}
