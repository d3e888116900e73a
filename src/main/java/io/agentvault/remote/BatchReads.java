package io.agentvault.remote;

import static io.agentvault.remote.Transactions.STORAGE;

import io.agentvault.problem.Unavailable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Reads of items by their keys, all in one call. What DynamoDB leaves unprocessed is asked for
 * again: not answered is not absent.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html">
 *     BatchGetItem</a>
 */
public record BatchReads(DynamoDbClient client, Backoff backoff) {
  /** What DynamoDB takes in one call. */
  private static final int MOST_KEYS = 100;

  /**
   * The items that are there, by table.
   *
   * @param keys by table, at most 100 in all
   * @throws Unavailable when the deadline or the budget came first, or the store failed
   */
  public Map<String, List<Map<String, AttributeValue>>> read(
      Map<String, KeysAndAttributes> keys, Deadline deadline) {
    Map<String, List<Map<String, AttributeValue>>> items = new HashMap<>();
    Map<String, KeysAndAttributes> asked = keys;
    for (int failures = 1; ; failures++) {
      Map<String, KeysAndAttributes> asking = asked;
      BatchGetItemResponse response =
          RemoteCalls.call(
              STORAGE,
              deadline,
              limits ->
                  client.batchGetItem(
                      get -> get.requestItems(asking).overrideConfiguration(limits)));
      response
          .responses()
          .forEach(
              (table, some) ->
                  items.computeIfAbsent(table, each -> new ArrayList<>()).addAll(some));
      asked = response.unprocessedKeys();
      if (asked.isEmpty()) {
        return items;
      }
      if (!backoff.before(failures, deadline)) {
        throw new Unavailable(STORAGE, 1);
      }
    }
  }

  /** Those of one table, strongly consistent, by one call for each 100 keys. */
  public List<Map<String, AttributeValue>> read(
      String table, List<Map<String, AttributeValue>> keys, Deadline deadline) {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += MOST_KEYS) {
      KeysAndAttributes asked =
          KeysAndAttributes.builder()
              .keys(keys.subList(from, Math.min(from + MOST_KEYS, keys.size())))
              .consistentRead(true)
              .build();
      items.addAll(read(Map.of(table, asked), deadline).getOrDefault(table, List.of()));
    }
    return items;
  }
}
