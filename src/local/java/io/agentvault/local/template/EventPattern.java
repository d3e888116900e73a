package io.agentvault.local.template;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;

/**
 * A filter pattern of an event source mapping: objects go down, arrays list what is accepted, a
 * string, number, boolean or null, {@code exists}, {@code prefix} or {@code anything-but}.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html">event
 *     filtering</a>
 */
public final class EventPattern {
  private EventPattern() {}

  /** Whether one of the patterns accepts the record, or there is no pattern at all. */
  public static boolean accepts(List<JsonObject> patterns, JsonObject record) {
    return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> matches(pattern, record));
  }

  private static boolean matches(JsonObject pattern, JsonObject record) {
    return pattern.entrySet().stream()
        .allMatch(
            entry -> {
              JsonValue wanted = entry.getValue();
              JsonValue found = record.getOrDefault(entry.getKey(), ABSENT);
              return switch (wanted) {
                case JsonObject deeper ->
                    matches(
                        deeper,
                        found instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT);
                case JsonArray accepted -> accepted.stream().anyMatch(rule -> accepts(rule, found));
                default -> throw new IllegalArgumentException("a pattern's leaf must be an array");
              };
            });
  }

  /** Stands for a field that is not there; no JSON equals it. */
  private static final JsonValue ABSENT =
      new JsonValue() {
        @Override
        public ValueType getValueType() {
          return ValueType.NULL;
        }
      };

  private static boolean accepts(JsonValue rule, JsonValue found) {
    if (!(rule instanceof JsonObject condition)) {
      return rule.equals(found);
    }
    String name = condition.keySet().iterator().next();
    JsonValue argument = condition.getOrDefault(name, JsonValue.NULL);
    return switch (name) {
      case "exists" -> (found != ABSENT) == argument.equals(JsonValue.TRUE);
      case "prefix" ->
          found instanceof JsonString text
              && text.getString().startsWith(((JsonString) argument).getString());
      case "anything-but" ->
          found != ABSENT
              && !(argument instanceof JsonArray list
                  ? list.contains(found)
                  : argument.equals(found));
      default -> throw new IllegalArgumentException("the local cloud does not filter by " + name);
    };
  }
}
