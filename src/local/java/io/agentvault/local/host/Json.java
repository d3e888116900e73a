package io.agentvault.local.host;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The JSON of the local cloud: one provider, looked up once. */
public final class Json {
  private static final JsonProvider PROVIDER = JsonProvider.provider();

  private Json() {}

  public static JsonObjectBuilder object() {
    return PROVIDER.createObjectBuilder();
  }

  public static JsonObjectBuilder object(JsonObject start) {
    return PROVIDER.createObjectBuilder(start);
  }

  public static JsonArrayBuilder array() {
    return PROVIDER.createArrayBuilder();
  }

  public static JsonObject read(String text) {
    try (JsonReader reader = PROVIDER.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }

  public static JsonObject read(byte[] utf8) {
    return read(new String(utf8, StandardCharsets.UTF_8));
  }

  public static JsonValue readValue(byte[] utf8) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    try (JsonReader reader = PROVIDER.createReader(new StringReader(text))) {
      return reader.readValue();
    }
  }

  public static byte[] bytes(JsonValue value) {
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  public static String text(Object tree) {
    return value(tree).toString();
  }

  /** Maps, lists and scalars as a JSON value. */
  public static JsonValue value(Object tree) {
    return switch (tree) {
      case JsonValue json -> json;
      case Map<?, ?> map -> {
        JsonObjectBuilder object = object();
        map.forEach((key, item) -> object.add((String) key, value(item)));
        yield object.build();
      }
      case List<?> list -> {
        JsonArrayBuilder array = array();
        list.forEach(item -> array.add(value(item)));
        yield array.build();
      }
      case Boolean b -> b ? JsonValue.TRUE : JsonValue.FALSE;
      case Number number -> PROVIDER.createValue(number.longValue());
      default -> PROVIDER.createValue(tree.toString());
    };
  }
}
