package io.agentvault.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentvault.local.faults.Call;
import io.agentvault.remote.Attributes;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Capacity units of calls, computed from the sizes of the items by DynamoDB's published rules: 4 KB
 * a consistent read unit, 1 KB a write unit, two write units for each item of a transaction.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html">
 *     DynamoDB read and write operations</a>
 */
final class CapacityUnits {
  private static final int READ_BYTES = 4 * 1024;
  private static final int WRITE_BYTES = 1024;
  private static final int TRANSACTION_FACTOR = 2;
  private static final String CREDENTIALS = "CREDENTIAL#";

  /** Bytes of each item of one partition, by sort key: the larger of before and after. */
  private final Map<String, Integer> sizes = new HashMap<>();

  private int reads;
  private int writes;

  /** Looks at the partition; to be called before and after what is measured. */
  void look(DynamoDbClient client, String table, String partition) {
    client
        .queryPaginator(
            query ->
                query
                    .tableName(table)
                    .consistentRead(true)
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(partition))))
        .items()
        .forEach(
            item -> sizes.merge(Attributes.of(item).text("sk", "item"), size(item), Math::max));
  }

  void add(List<Call> calls) {
    calls.stream().filter(call -> call.service().equals("dynamodb")).forEach(this::add);
  }

  private void add(Call call) {
    JsonObject request = call.request();
    switch (call.operation()) {
      case "GetItem" -> reads += units(sizeOf(request.getJsonObject("Key")), READ_BYTES);
      case "BatchGetItem" ->
          request
              .getJsonObject("RequestItems")
              .values()
              .forEach(
                  table ->
                      table
                          .asJsonObject()
                          .getJsonArray("Keys")
                          .forEach(key -> reads += units(sizeOf(key.asJsonObject()), READ_BYTES)));
      case "Query" -> reads += units(queried(), READ_BYTES);
      case "TransactWriteItems" ->
          request
              .getJsonArray("TransactItems")
              .forEach(
                  action -> writes += TRANSACTION_FACTOR * units(written(action), WRITE_BYTES));
      default -> throw new IllegalStateException("no rule for " + call.operation());
    }
  }

  private int written(JsonValue action) {
    JsonObject change = action.asJsonObject().values().iterator().next().asJsonObject();
    return sizeOf(change.getJsonObject(change.containsKey("Key") ? "Key" : "Item"));
  }

  private int queried() {
    return sizes.entrySet().stream()
        .filter(item -> item.getKey().startsWith(CREDENTIALS))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private int sizeOf(JsonObject key) {
    return sizes.getOrDefault(key.getJsonObject("sk").getString("S"), 0);
  }

  private static int units(int bytes, int each) {
    return Math.max(1, Math.ceilDiv(bytes, each));
  }

  private static int size(Map<String, AttributeValue> item) {
    return item.entrySet().stream()
        .mapToInt(entry -> entry.getKey().getBytes(UTF_8).length + size(entry.getValue()))
        .sum();
  }

  private static int size(AttributeValue value) {
    return switch (value.type()) {
      case S -> value.s().getBytes(UTF_8).length;
      case N -> value.n().length() / 2 + 2;
      case B -> value.b().asByteArrayUnsafe().length;
      case L -> 3 + value.l().stream().mapToInt(each -> 1 + size(each)).sum();
      case M -> 3 + value.m().size() + size(value.m());
      default -> 1;
    };
  }

  String text() {
    return String.format(Locale.ROOT, "%d RCU %d WCU", reads, writes);
  }
}
