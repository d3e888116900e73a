package io.agentvault.local.gateway;

import com.sun.net.httpserver.HttpExchange;
import io.agentvault.local.host.Json;
import io.agentvault.local.host.Loopback;
import io.agentvault.local.runtime.Outcome;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What a function answered, as the response that it stands for: payload format 2.0. */
final class Responses {
  private Responses() {}

  /** Whether it could be sent: a failure or an answer of another shape can't. */
  static boolean send(HttpExchange exchange, Outcome outcome) throws IOException {
    if (!(outcome instanceof Outcome.Answer answer)) {
      return false;
    }
    try {
      JsonValue value = Json.readValue(answer.payload());
      if (!(value instanceof JsonObject object) || !object.containsKey("statusCode")) {
        // Format 2.0: an answer that is no response object is the body of a 200.
        Loopback.answer(exchange, 200, "application/json", answer.payload());
      } else {
        send(exchange, object);
      }
      return true;
    } catch (JsonException | ClassCastException | IllegalArgumentException e) {
      return false;
    }
  }

  private static void send(HttpExchange exchange, JsonObject response) throws IOException {
    int status = response.getInt("statusCode");
    String text = response.containsKey("body") ? response.getString("body") : "";
    byte[] body =
        response.getBoolean("isBase64Encoded", false)
            ? Base64.getDecoder().decode(text)
            : text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain;charset=UTF-8");
    if (response.get("headers") instanceof JsonObject headers) {
      headers.forEach(
          (name, value) -> exchange.getResponseHeaders().set(wireName(name), plain(value)));
    }
    if (response.containsKey("cookies")) {
      response
          .getJsonArray("cookies")
          .forEach(cookie -> exchange.getResponseHeaders().add("Set-Cookie", plain(cookie)));
    }
    exchange.getResponseHeaders().remove("Content-Length");
    Loopback.answer(exchange, status, "", body);
  }

  /** A challenge of a function's comes back under a name that no client looks for. */
  private static String wireName(String name) {
    return name.equalsIgnoreCase("WWW-Authenticate") ? "x-amzn-remapped-www-authenticate" : name;
  }

  private static String plain(JsonValue value) {
    return value instanceof JsonString string ? string.getString() : value.toString();
  }
}
