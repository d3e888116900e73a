package io.agentvault.identity;

import static io.agentvault.remote.Attributes.text;
import static io.agentvault.remote.Transactions.STORAGE;

import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Attributes;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.Reads;
import io.agentvault.remote.RemoteCalls;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** {@link Remains} in the vault's table. */
public final class DynamoDbRemains implements Remains {
  /** The most that one BatchWriteItem takes. */
  private static final int BATCH = 25;

  /** Twenty batches, which {@link Sweeping} has the time for whenever it begins a page. */
  private static final int PAGE = 20 * BATCH;

  /** Of an access token: milliseconds since the epoch, written before it is handed out. */
  private static final String HANDED_OUT_UNTIL = "handedOutUntil";

  private final DynamoDbClient client;
  private final Backoff backoff;
  private final String table;
  private final Reads reads;

  public DynamoDbRemains(DynamoDbClient client, Backoff backoff, String table) {
    this.client = client;
    this.backoff = backoff;
    this.table = table;
    this.reads = new Reads(client, table);
  }

  @Override
  public Page page(AgentId id, Deadline deadline) {
    QueryRequest.Builder query =
        QueryRequest.builder()
            .consistentRead(true)
            .limit(PAGE)
            .keyConditionExpression("pk = :partition")
            .expressionAttributeValues(Map.of(":partition", IdentityItem.partition(id)))
            .projectionExpression("sk, " + HANDED_OUT_UNTIL);
    QueryResponse response = reads.page(query, deadline);
    return new Page(
        response.items().stream()
            .map(DynamoDbRemains::item)
            .filter(item -> !item.sortKey().equals(IdentityItem.SORT_KEY))
            .toList(),
        response.lastEvaluatedKey().isEmpty());
  }

  private static Item item(Map<String, AttributeValue> stored) {
    Attributes attributes = Attributes.of(stored);
    return new Item(
        attributes.text("sk", "credential"),
        attributes.optionalNumber(HANDED_OUT_UNTIL).map(Instant::ofEpochMilli));
  }

  @Override
  public void delete(AgentId id, Page page, Deadline deadline) {
    List<WriteRequest> deletions =
        page.items().stream()
            .map(item -> key(id, item.sortKey()))
            .map(key -> WriteRequest.builder().deleteRequest(delete -> delete.key(key)).build())
            .toList();
    for (int from = 0; from < deletions.size(); from += BATCH) {
      deleteBatch(deletions.subList(from, Math.min(from + BATCH, deletions.size())), deadline);
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
    } catch (DynamoDbException e) {
      if (e.isThrottlingException()) {
        return batch; // a partition takes 1,000 write units a second, which a batch can exceed
      }
      throw e;
    }
  }

  private static Map<String, AttributeValue> key(AgentId id, String sortKey) {
    return Map.of("pk", IdentityItem.partition(id), "sk", text(sortKey));
  }
}
