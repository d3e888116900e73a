package io.agentvault.evidence;

import static io.agentvault.remote.Attributes.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.BatchReads;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.Reads;
import io.agentvault.remote.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** {@link Proofs} on the records' table. */
final class DynamoDbProofs implements Proofs {
  private final Reads reads;
  private final BatchReads batches;
  private final Transactions transactions;
  private final String table;
  private final Duration retention;
  private final ObjectMapper json;

  DynamoDbProofs(
      DynamoDbClient client, Backoff backoff, String table, Duration retention, ObjectMapper json) {
    this.reads = new Reads(client, table);
    this.batches = new BatchReads(client, backoff);
    this.transactions = new Transactions(client, backoff);
    this.table = table;
    this.retention = retention;
    this.json = json;
  }

  @Override
  public List<Kept> page(
      String agent, boolean lastFirst, Optional<String> after, int limit, Deadline deadline) {
    AttributeValue partition = text(CheckpointItem.PARTITION_PREFIX + agent);
    QueryRequest.Builder query =
        QueryRequest.builder()
            .consistentRead(true)
            .scanIndexForward(!lastFirst)
            .keyConditionExpression("pk = :partition")
            .expressionAttributeValues(Map.of(":partition", partition));
    after.ifPresent(place -> query.exclusiveStartKey(Map.of("pk", partition, "sk", text(place))));
    List<Kept> found = new ArrayList<>();
    QueryResponse response;
    do { // a page of the store ends at 1 MB
      response = reads.page(query.limit(limit - found.size()), deadline);
      response.items().forEach(item -> found.add(CheckpointItem.kept(item, json)));
      query.exclusiveStartKey(response.lastEvaluatedKey());
    } while (found.size() < limit && response.hasLastEvaluatedKey());
    return found;
  }

  @Override
  public Map<String, Uses> uses(String agent, Collection<String> names, Deadline deadline) {
    Map<String, Uses> found = new HashMap<>();
    if (names.isEmpty()) {
      return found;
    }
    for (Map<String, AttributeValue> item :
        batches.read(
            table, names.stream().map(name -> UsesItem.key(agent, name)).toList(), deadline)) {
      Uses uses = UsesItem.read(item);
      found.put(uses.name(), uses);
    }
    return found;
  }

  @Override
  public boolean append(Checkpoint next, Collection<Uses> uses, Deadline deadline) {
    long keptUntil = next.at().plus(retention).getEpochSecond();
    List<TransactWriteItem> items = new ArrayList<>();
    items.add(
        TransactWriteItem.builder()
            .put(
                put ->
                    put.tableName(table)
                        .item(CheckpointItem.write(next, keptUntil))
                        .conditionExpression("attribute_not_exists(pk)"))
            .build());
    for (Uses each : uses) {
      Map<String, AttributeValue> item = UsesItem.write(next.agent(), each);
      items.add(TransactWriteItem.builder().put(put -> put.tableName(table).item(item)).build());
    }
    return transactions.write(items, deadline).isEmpty();
  }
}
