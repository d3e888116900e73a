package io.agentvault.local.faults;

import io.agentvault.local.host.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;

/**
 * A batch request of which only the first items are forwarded; the rest come back as unprocessed,
 * as DynamoDB does with what it has no capacity for.
 */
record Batch(JsonObject forwarded, JsonObject held, String unprocessedName) {
  static Batch of(byte[] request, String operation, int done) {
    boolean get = operation.equals("BatchGetItem");
    if (!get && !operation.equals("BatchWriteItem")) {
      throw new IllegalArgumentException(operation + " has no unprocessed items");
    }
    JsonObject whole = Json.read(request);
    JsonObjectBuilder first = Json.object();
    JsonObjectBuilder rest = Json.object();
    int room = done;
    JsonObject tables = whole.getJsonObject("RequestItems");
    for (String table : tables.keySet()) {
      JsonArray items =
          get ? tables.getJsonObject(table).getJsonArray("Keys") : tables.getJsonArray(table);
      int taken = Math.min(room, items.size());
      room -= taken;
      if (taken > 0) {
        first.add(table, with(tables.get(table), items, 0, taken));
      }
      if (taken < items.size()) {
        rest.add(table, with(tables.get(table), items, taken, items.size()));
      }
    }
    return new Batch(
        Json.object(whole).add("RequestItems", first).build(),
        rest.build(),
        get ? "UnprocessedKeys" : "UnprocessedItems");
  }

  private static JsonValue with(JsonValue table, JsonArray items, int from, int to) {
    JsonArrayBuilder part = Json.array();
    items.subList(from, to).forEach(part::add);
    return table instanceof JsonObject keysAndOptions
        ? Json.object(keysAndOptions).add("Keys", part).build()
        : part.build();
  }

  boolean nothingForwarded() {
    return forwarded.getJsonObject("RequestItems").isEmpty();
  }

  /** The service's answer with what was held back. */
  JsonObject answer(JsonObject answered) {
    JsonObjectBuilder merged = Json.object(answered).add(unprocessedName, held);
    if (unprocessedName.equals("UnprocessedKeys") && !answered.containsKey("Responses")) {
      merged.add("Responses", Json.object());
    }
    return merged.build();
  }
}
