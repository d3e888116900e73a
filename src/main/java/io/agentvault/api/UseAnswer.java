package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.broker.Header;
import io.agentvault.broker.Reply;
import io.agentvault.problem.UpstreamTooLarge;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An upstream's answer in ours. Lambda takes 6 MB of JSON, in which the JSON of a gateway's answer
 * is escaped once more: text that would grow past that goes as base64, which no escape makes
 * longer.
 */
final class UseAnswer {
  /** Lambda's limit, without what the rest of a gateway's answer takes. */
  private static final int MOST_BYTES = 6 * 1024 * 1024 - 16 * 1024;

  private UseAnswer() {}

  /** {@code {status,headers,body|bodyBase64,truncated}}. */
  static ObjectNode json(Reply reply) {
    ObjectNode answer = Bodies.object().put("status", reply.status());
    ObjectNode headers = answer.putObject("headers");
    byHeader(reply)
        .forEach(
            (name, values) -> {
              if (values.size() == 1) {
                headers.put(name, values.getFirst());
              } else {
                ArrayNode array = headers.putArray(name);
                values.forEach(array::add);
              }
            });
    long others = escapedTwice(Json.bytes(headers));
    Optional<String> text = text(reply.body());
    if (text.isPresent() && others + escapedTwice(reply.body()) <= MOST_BYTES) {
      answer.put("body", text.get());
    } else {
      requireRoom(reply.body(), others);
      answer.put("bodyBase64", Base64.getEncoder().encodeToString(reply.body()));
    }
    return answer.put("truncated", false);
  }

  /** The same as HTTP, byte by byte, and never a page of ours. */
  static Answer http(Reply reply) {
    Map<String, String> headers = new LinkedHashMap<>();
    byHeader(reply).forEach((name, values) -> headers.put(name, String.join(", ", values)));
    headers.putAll(ProxyForm.GUARDS);
    headers.put(ProxyForm.OUTCOME, "upstream");
    if (reply.body().length == 0) {
      return new Answer(reply.status(), headers, new Answer.Body.None());
    }
    headers.putIfAbsent("content-type", "application/octet-stream");
    long others = headers.values().stream().mapToLong(value -> 2L * value.length() + 64).sum();
    requireRoom(reply.body(), others);
    return new Answer(reply.status(), headers, new Answer.Body.Bytes(reply.body()));
  }

  private static void requireRoom(byte[] body, long others) {
    if (others + (body.length + 2) / 3 * 4L > MOST_BYTES) {
      throw new UpstreamTooLarge("the upstream's headers and body are over 6 MB as they are sent");
    }
  }

  private static Map<String, List<String>> byHeader(Reply reply) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (Header header : reply.headers()) {
      headers
          .computeIfAbsent(header.name().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(header.value());
    }
    return headers;
  }

  private static Optional<String> text(byte[] body) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** What these bytes take as a JSON string inside a JSON string. */
  private static long escapedTwice(byte[] utf8) {
    long length = 0;
    for (byte each : utf8) {
      length +=
          switch (each) {
            case '"', '\\' -> 4;
            case '\b', '\t', '\n', '\f', '\r' -> 3;
            default -> each >= 0 && each < ' ' ? 7 : 1;
          };
    }
    return length;
  }
}
