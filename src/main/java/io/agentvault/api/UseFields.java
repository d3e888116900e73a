package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.broker.Call;
import io.agentvault.broker.Header;
import io.agentvault.problem.BadRequest;
import io.agentvault.vault.Allowed;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** {@code {method,url,headers?,query?,body?|bodyBase64?}}: a call to make, as JSON. */
final class UseFields {
  private static final int MOST_VALUES = 100;

  private UseFields() {}

  /**
   * The call that the fields are.
   *
   * @throws BadRequest naming the field that is wrong
   */
  static Call call(Fields fields, PresentedKey key) {
    String method = fields.requiredText("method");
    if (!Allowed.METHODS.contains(method)) {
      throw new BadRequest("method", "must be one of " + String.join(" ", Allowed.METHODS));
    }
    StringBuilder url = new StringBuilder(fields.requiredText("url"));
    eachText(
        fields,
        "query",
        (name, value) ->
            url.append(url.indexOf("?") < 0 ? '?' : '&')
                .append(encoded(name))
                .append('=')
                .append(encoded(value)));
    List<Header> headers = new ArrayList<>();
    eachText(fields, "headers", (name, value) -> headers.add(header(name, value)));
    byte[] body = body(fields);
    PresentedKey.refuseIn("url", url.toString());
    headers.forEach(PresentedKey::refuseIn);
    PresentedKey.refuseIn(body);
    return new Call(
        method,
        new Call.Place.Url(url.toString()),
        headers,
        body,
        key.text(),
        key.unusualHeaders());
  }

  private static Header header(String name, String value) {
    Header header = new Header(name, value);
    if (!header.isWellFormed()) {
      throw new BadRequest("headers", "must have names and values that stand in one line");
    }
    return header;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** Values may be texts or arrays of texts. */
  private static void eachText(Fields fields, String field, BiConsumer<String, String> use) {
    Optional<ObjectNode> object = fields.object(field);
    if (object.isEmpty()) {
      return;
    }
    int count = 0;
    for (Map.Entry<String, JsonNode> entry : object.get().properties()) {
      Iterable<JsonNode> values =
          entry.getValue().isArray() ? entry.getValue() : List.of(entry.getValue());
      for (JsonNode value : values) {
        if (!value.isTextual() || ++count > MOST_VALUES) {
          throw new BadRequest(
              field, "must hold at most " + MOST_VALUES + " strings, or arrays of strings");
        }
        use.accept(entry.getKey(), value.textValue());
      }
    }
  }

  private static byte[] body(Fields fields) {
    Optional<String> text = fields.text("body");
    Optional<String> base64 = fields.text("bodyBase64");
    if (text.isPresent() && base64.isPresent()) {
      throw new BadRequest("bodyBase64", "must not be given beside body");
    }
    try {
      return base64
          .map(Base64.getDecoder()::decode)
          .orElseGet(() -> text.orElse("").getBytes(UTF_8));
    } catch (IllegalArgumentException e) {
      throw new BadRequest("bodyBase64", "must be base64");
    }
  }
}
