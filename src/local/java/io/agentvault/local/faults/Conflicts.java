package io.agentvault.local.faults;

import io.agentvault.local.host.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes writes that are under way at once on one item conflict, where at least one is a
 * transaction. DynamoDB refuses the later one; DynamoDB Local lets them take turns. A condition
 * check counts as much as a write does.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling">transaction
 *     conflict handling</a>
 */
final class Conflicts {
  private static final String ONGOING = "Transaction is ongoing for the item";
  private static final Set<String> SINGLE = Set.of("PutItem", "UpdateItem", "DeleteItem");

  /** What a call does to its items, and the token by which a transaction is known again. */
  private record Writes(boolean transaction, String token, List<String> items) {}

  /** Whether a call may go on, and what is to be done when it has ended. */
  record Verdict(Optional<Fault.Answer> refusal, Runnable end) {}

  static final Verdict FREE = new Verdict(Optional.empty(), () -> {});

  private final Map<String, List<Writes>> underWay = new HashMap<>();

  Verdict judge(Call call) {
    if (!call.service().equals("dynamodb")) {
      return FREE;
    }
    Optional<Writes> writes = writes(call);
    return writes.map(this::judge).orElse(FREE);
  }

  private synchronized Verdict judge(Writes writes) {
    List<Boolean> conflicting =
        writes.items().stream().map(item -> conflicts(writes, item)).toList();
    if (conflicting.contains(true)) {
      return new Verdict(Optional.of(refusal(writes, conflicting)), () -> {});
    }
    writes
        .items()
        .forEach(item -> underWay.computeIfAbsent(item, key -> new ArrayList<>()).add(writes));
    return new Verdict(Optional.empty(), () -> end(writes));
  }

  private boolean conflicts(Writes writes, String item) {
    return underWay.getOrDefault(item, List.of()).stream()
        .anyMatch(other -> other.transaction() || writes.transaction());
  }

  private synchronized void end(Writes writes) {
    for (String item : writes.items()) {
      underWay.computeIfPresent(
          item,
          (key, all) -> {
            all.remove(writes);
            return all.isEmpty() ? null : all;
          });
    }
  }

  private Fault.Answer refusal(Writes writes, List<Boolean> conflicting) {
    if (!writes.transaction()) {
      return Fault.dynamoAnswer("TransactionConflictException", ONGOING);
    }
    boolean repeated =
        !writes.token().isEmpty()
            && writes.items().stream()
                .flatMap(item -> underWay.getOrDefault(item, List.of()).stream())
                .allMatch(other -> other.token().equals(writes.token()));
    return repeated
        ? Fault.dynamoAnswer(
            "TransactionInProgressException",
            "The transaction with the given request token is already in progress.")
        : Fault.canceled(
            conflicting.stream().map(yes -> yes ? "TransactionConflict" : "None").toList(),
            ONGOING);
  }

  private static Optional<Writes> writes(Call call) {
    String operation = call.operation();
    if (SINGLE.contains(operation)) {
      return Optional.of(new Writes(false, "", List.of(item(call.request()))));
    }
    if (!operation.equals("TransactWriteItems")) {
      return Optional.empty();
    }
    JsonObject request = call.request();
    List<String> items =
        request.getJsonArray("TransactItems").getValuesAs(JsonObject.class).stream()
            .map(action -> item(action.values().iterator().next().asJsonObject()))
            .toList();
    return Optional.of(new Writes(true, request.getString("ClientRequestToken", ""), items));
  }

  /** Table and key; of a put, what our tables have for a key. */
  private static String item(JsonObject action) {
    JsonObject key = action.getJsonObject(action.containsKey("Key") ? "Key" : "Item");
    StringBuilder name = new StringBuilder(action.getString("TableName"));
    for (String part : List.of("pk", "sk")) {
      JsonValue value = key.getOrDefault(part, JsonValue.NULL);
      name.append('\n').append(value instanceof JsonObject typed ? text(typed) : "");
    }
    return name.toString();
  }

  private static String text(JsonObject typed) {
    JsonValue value = typed.values().iterator().next();
    return value instanceof JsonString string ? string.getString() : Json.text(value);
  }
}
