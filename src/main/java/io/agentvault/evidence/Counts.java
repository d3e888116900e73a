package io.agentvault.evidence;

import static io.agentvault.remote.Attributes.text;

import io.agentvault.remote.Deadline;
import io.agentvault.remote.Reads;
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
  private final Reads reads;
  private final String table;

  /**
   * @param table the records' own
   */
  public Counts(DynamoDbClient client, String table) {
    this.reads = new Reads(client, table);
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
    return reads.earlierItem(UsesItem.key(agent, Uses.TOTAL), deadline).map(UsesItem::read);
  }

  /** Of the labels from the first to the last, both included, by label. */
  public Map<String, Uses> between(String agent, String first, String last, Deadline deadline) {
    Map<String, Uses> found = new HashMap<>();
    QueryRequest.Builder query =
        QueryRequest.builder()
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
      QueryResponse page = reads.page(query, deadline);
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
