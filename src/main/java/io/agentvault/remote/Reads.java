package io.agentvault.remote;

import static io.agentvault.remote.Transactions.STORAGE;

import io.agentvault.problem.Unavailable;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Reads of a table, one item or one page at a time. */
public record Reads(DynamoDbClient client, String table) {

  /**
   * The item of a key, strongly consistent.
   *
   * @return empty when the store answered that there is none
   * @throws Unavailable when it did not answer
   */
  public Optional<Map<String, AttributeValue>> item(
      Map<String, AttributeValue> key, Deadline deadline) {
    return item(GetItemRequest.builder().key(key).consistentRead(true), deadline);
  }

  /** As {@link #item}, eventually consistent: what was written just now may be missing. */
  public Optional<Map<String, AttributeValue>> earlierItem(
      Map<String, AttributeValue> key, Deadline deadline) {
    return item(GetItemRequest.builder().key(key), deadline);
  }

  private Optional<Map<String, AttributeValue>> item(
      GetItemRequest.Builder get, Deadline deadline) {
    return Optional.of(
            RemoteCalls.call(
                    STORAGE,
                    deadline,
                    limits ->
                        client.getItem(get.tableName(table).overrideConfiguration(limits).build()))
                .item())
        .filter(item -> !item.isEmpty());
  }

  /**
   * The next page of a query of the table, or of an index of it.
   *
   * @throws Unavailable when the store did not answer
   */
  public QueryResponse page(QueryRequest.Builder query, Deadline deadline) {
    return RemoteCalls.call(
        STORAGE,
        deadline,
        limits -> client.query(query.tableName(table).overrideConfiguration(limits).build()));
  }
}
