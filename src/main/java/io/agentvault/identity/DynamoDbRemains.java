package io.agentvault.identity;

import static io.agentvault.remote.Attributes.text;
import static io.agentvault.remote.Transactions.STORAGE;

import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Attributes;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.RemoteCalls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** {@link Remains} in the vault's table. */
public final class DynamoDbRemains implements Remains {
  /** The most that one BatchWriteItem takes. */
  private static final int BATCH = 25;

  private final DynamoDbClient client;
  private final Backoff backoff;
  private final String table;

  public DynamoDbRemains(DynamoDbClient client, Backoff backoff, String table) {
    this.client = client;
    this.backoff = backoff;
    this.table = table;
  }

  @Override
  public Page page(AgentId id, Optional<String> after, Deadline deadline) {
    QueryRequest.Builder query =
        QueryRequest.builder()
            .tableName(table)
            .consistentRead(true)
            .keyConditionExpression("pk = :partition")
            .expressionAttributeValues(Map.of(":partition", IdentityItem.partition(id)))
            .projectionExpression("sk");
    after.ifPresent(sortKey -> query.exclusiveStartKey(key(id, sortKey)));
    QueryResponse response =
        RemoteCalls.call(
            STORAGE, deadline, limits -> client.query(query.overrideConfiguration(limits).build()));
    return new Page(
        response.items().stream()
            .map(item -> Attributes.of(item).text("sk", "credential"))
            .filter(sortKey -> !sortKey.equals(IdentityItem.SORT_KEY))
            .toList(),
        Attributes.of(response.lastEvaluatedKey()).optionalText("sk"));
  }

  @Override
  public void delete(AgentId id, List<String> sortKeys, Deadline deadline) {
    for (int from = 0; from < sortKeys.size(); from += BATCH) {
      List<WriteRequest> batch =
          sortKeys.subList(from, Math.min(from + BATCH, sortKeys.size())).stream()
              .map(sortKey -> key(id, sortKey))
              .map(key -> WriteRequest.builder().deleteRequest(delete -> delete.key(key)).build())
              .toList();
      deleteBatch(batch, deadline);
    }
  }

  private void deleteBatch(List<WriteRequest> batch, Deadline deadline) {
    List<WriteRequest> left = batch;
    for (int failures = 1; !left.isEmpty(); failures++) {
      List<WriteRequest> asked = left;
      left = RemoteCalls.call(STORAGE, deadline, limits -> unprocessed(asked, limits));
      if (!left.isEmpty() && !backoff.before(failures, deadline)) {
        throw new Unavailable(STORAGE, 1);
      }
    }
  }

  private List<WriteRequest> unprocessed(
      List<WriteRequest> batch, AwsRequestOverrideConfiguration limits) {
    try {
      return client
          .batchWriteItem(
              write -> write.requestItems(Map.of(table, batch)).overrideConfiguration(limits))
          .unprocessedItems()
          .getOrDefault(table, List.of());
    } catch (TransactionConflictException e) {
      return batch; // a store that lost against the revocation is still being decided
    }
  }

  private static Map<String, AttributeValue> key(AgentId id, String sortKey) {
    return Map.of("pk", IdentityItem.partition(id), "sk", text(sortKey));
  }
}
