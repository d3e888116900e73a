package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import java.util.Base64;

/**
 * Answers and problems as an HTTP API and a function URL take them, payload format 2.0. Every one
 * is uncacheable, unless it says otherwise.
 */
final class HttpResponse {
  private static final String CHALLENGE = "Bearer realm=\"agent-vault\"";

  private HttpResponse() {}

  static ObjectNode of(Answer answer) {
    ObjectNode response = Bodies.object();
    response.put("statusCode", answer.status());
    ObjectNode headers = response.putObject("headers").put("cache-control", "no-store");
    switch (answer.body()) {
      case Answer.Body.Json(ObjectNode tree) -> {
        headers.put("content-type", "application/json");
        response.put("body", new String(Json.bytes(tree), UTF_8));
      }
      case Answer.Body.Text(String contentType, String text) -> {
        headers.put("content-type", contentType);
        response.put("body", text);
      }
      case Answer.Body.Bytes(byte[] bytes) ->
          response.put("body", Base64.getEncoder().encodeToString(bytes));
      case Answer.Body.None() -> response.put("body", "");
    }
    response.put("isBase64Encoded", answer.body() instanceof Answer.Body.Bytes);
    answer.headers().forEach(headers::put);
    return response;
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
