package io.agentvault.evidence;

import static io.agentvault.remote.Attributes.text;
import static io.agentvault.remote.Transactions.STORAGE;

import io.agentvault.remote.Deadline;
import io.agentvault.remote.RemoteCalls;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * How often something was used, as far as the records have been counted: some seconds behind, so
 * that it is read eventually consistent.
 */
public final class Counts {
  private final DynamoDbClient client;
  private final String table;

  /**
   * @param table the records' own
   */
  public Counts(DynamoDbClient client, String table) {
    this.client = client;
    this.table = table;
  }

  /** What to ask for in a batch that asks for other things too. */
  public Map<String, KeysAndAttributes> asking(String agent, Collection<String> names) {
    return names.isEmpty()
        ? Map.of()
        : Map.of(
            table,
            KeysAndAttributes.builder()
                .keys(names.stream().map(name -> UsesItem.key(agent, name)).toList())
                .build());
  }

  /** What a batch answered, by name; none for what was never used. */
  public Map<String, Uses> answered(Map<String, List<Map<String, AttributeValue>>> responses) {
    return byName(responses.getOrDefault(table, List.of()));
  }

  /** Everything of an agent together; empty when there is no record yet. */
  public Optional<Uses> total(String agent, Deadline deadline) {
    Map<String, AttributeValue> item =
        RemoteCalls.call(
                STORAGE,
                deadline,
                limits ->
                    client.getItem(
                        get ->
                            get.tableName(table)
                                .key(UsesItem.key(agent, Uses.TOTAL))
                                .overrideConfiguration(limits)))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(UsesItem.read(item));
  }

  /** Of the labels from the first to the last, both included, by label. */
  public Map<String, Uses> between(String agent, String first, String last, Deadline deadline) {
    Map<String, Uses> found = new HashMap<>();
    QueryRequest.Builder query =
        QueryRequest.builder()
            .tableName(table)
            .keyConditionExpression("pk = :partition AND sk BETWEEN :first AND :last")
            .expressionAttributeValues(
                Map.of(
                    ":partition",
                    text(UsesItem.PARTITION_PREFIX + agent),
                    ":first",
                    text(first),
                    ":last",
                    text(last)));
    while (true) {
      QueryResponse page =
          RemoteCalls.call(
              STORAGE,
              deadline,
              limits -> client.query(query.overrideConfiguration(limits).build()));
      found.putAll(byName(page.items()));
      if (!page.hasLastEvaluatedKey()) {
        return found;
      }
      query.exclusiveStartKey(page.lastEvaluatedKey());
    }
  }

  private static Map<String, Uses> byName(List<Map<String, AttributeValue>> items) {
    Map<String, Uses> found = new HashMap<>();
    items.stream().map(UsesItem::read).forEach(uses -> found.put(uses.name(), uses));
    return found;
  }
}
