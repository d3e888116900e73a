package io.agentvault.identity.table;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * DynamoDB with two tables in memory, the vaults' and the records', whose partitions never meet,
 * behind the SDK's own interface. It does what it is asked as DynamoDB does, conditions and
 * all-or-nothing transactions included, and can be told what is to go wrong at which call. What it
 * does not know is an {@link AssertionError} or the SDK's {@link UnsupportedOperationException}; so
 * is a read of the vaults that is not strongly consistent.
 */
public final class InMemoryTable implements DynamoDbClient {
  /** The table of the vaults. */
  public static final String NAME = "vault-table";

  /** The table of the records. */
  public static final String LOG = "log-table";

  private static final int MOST_KEYS = 100;

  private static final Set<String> TABLES = Set.of(NAME, LOG);

  private final Items items = new Items();
  private final Set<AttributeValue> records = new HashSet<>();
  private final Script script = new Script();
  private final Queue<int[]> partialBatches = new ArrayDeque<>();
  private final Map<String, List<TransactWriteItem>> tokensDone = new HashMap<>();
  private int pageSize = Integer.MAX_VALUE;

  /** Ends every page of a query after so many items, as 1 MB of them would. */
  public void pageSize(int most) {
    pageSize = most;
  }

  /** The next batch handles only its elements from {@code from} to before {@code to}. */
  public void partialBatch(int from, int to) {
    partialBatches.add(new int[] {from, to});
  }

  /** Runs {@code hook} right before the call that is number {@code call} from now, from 1. */
  public void before(int call, Runnable hook) {
    script.before(call, hook);
  }

  /** That call fails and does nothing. */
  public void fail(int call, RuntimeException fault) {
    script.fail(call, fault);
  }

  /** That call is done, but its caller only sees a fault. */
  public void loseAnswer(int call, RuntimeException fault) {
    script.loseAnswer(call, fault);
  }

  /** Forgets the calls so far and what was to happen. */
  public void reset() {
    script.reset();
    partialBatches.clear();
  }

  /** Whether everything that was to happen did. */
  public boolean isPlayedOut() {
    return script.pending() == 0 && partialBatches.isEmpty();
  }

  /** The names of the calls, in order. */
  public List<String> operations() {
    return script.calls().stream().map(Script.Call::operation).toList();
  }

  /** The requests of one kind, in order. */
  public <T> List<T> requests(Class<T> kind) {
    return script.calls().stream()
        .map(Script.Call::request)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  /** Every item, in order, but those of the records' table. */
  public synchronized List<Map<String, AttributeValue>> items() {
    return items.inOrder().stream().filter(item -> !records.contains(item.get("pk"))).toList();
  }

  /** Every item of the records' table, in order. */
  public synchronized List<Map<String, AttributeValue>> records() {
    return items.inOrder().stream().filter(item -> records.contains(item.get("pk"))).toList();
  }

  /** What somebody with access to the table writes past the vault. */
  public synchronized void plant(Map<String, AttributeValue> item) {
    items.put(item);
  }

  /** What somebody with access to the records' table writes past the vault. */
  public synchronized void plantRecord(Map<String, AttributeValue> item) {
    records.add(item.get("pk"));
    items.put(item);
  }

  /** What DynamoDB's time to live, or somebody with access, takes away. */
  public synchronized void takeAway(Map<String, AttributeValue> item) {
    items.remove(item);
  }

  @Override
  public GetItemResponse getItem(GetItemRequest request) {
    return play(
        "getItem",
        request,
        () -> {
          requireOurs(request.tableName());
          requireConsistent(request.tableName(), request.consistentRead());
          Map<String, AttributeValue> item = items.get(request.key());
          return item.isEmpty()
              ? GetItemResponse.builder().build()
              : GetItemResponse.builder().item(item).build();
        });
  }

  @Override
  public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
    return play("batchGetItem", request, () -> batchGet(request.requestItems()));
  }

  private BatchGetItemResponse batchGet(Map<String, KeysAndAttributes> asked) {
    if (asked.values().stream().mapToInt(each -> each.keys().size()).sum() > MOST_KEYS) {
      throw new AssertionError("a batch must name at most " + MOST_KEYS + " keys");
    }
    Map<String, List<Map<String, AttributeValue>>> found = new HashMap<>();
    Map<String, KeysAndAttributes> left = new HashMap<>();
    asked.forEach((table, keys) -> batchGet(table, keys, found, left));
    return BatchGetItemResponse.builder().responses(found).unprocessedKeys(left).build();
  }

  private void batchGet(
      String table,
      KeysAndAttributes asked,
      Map<String, List<Map<String, AttributeValue>>> found,
      Map<String, KeysAndAttributes> left) {
    requireOurs(table);
    requireConsistent(table, asked.consistentRead());
    List<Map<String, AttributeValue>> keys = asked.keys();
    if (new HashSet<>(keys).size() != keys.size()) {
      throw new AssertionError("a batch must not name a key twice");
    }
    int[] part = NAME.equals(table) ? part(keys.size()) : new int[] {0, keys.size()};
    List<Map<String, AttributeValue>> here = new ArrayList<>();
    List<Map<String, AttributeValue>> not = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      if (i < part[0] || i >= part[1]) {
        not.add(keys.get(i));
      } else if (!items.get(keys.get(i)).isEmpty()) {
        here.add(items.get(keys.get(i)));
      }
    }
    Collections.reverse(here); // DynamoDB promises no order
    found.put(table, here);
    if (!not.isEmpty()) {
      left.put(table, asked.toBuilder().keys(not).build());
    }
  }

  @Override
  public BatchWriteItemResponse batchWriteItem(BatchWriteItemRequest request) {
    return play("batchWriteItem", request, () -> batchWrite(only(request.requestItems())));
  }

  private BatchWriteItemResponse batchWrite(List<WriteRequest> writes) {
    if (writes.isEmpty() || writes.size() > 25 || new HashSet<>(writes).size() < writes.size()) {
      throw new AssertionError("a batch must have 1 to 25 writes of different items");
    }
    int[] part = part(writes.size());
    List<WriteRequest> left = new ArrayList<>();
    for (int i = 0; i < writes.size(); i++) {
      if (i < part[0] || i >= part[1]) {
        left.add(writes.get(i));
      } else {
        items.remove(writes.get(i).deleteRequest().key());
      }
    }
    return BatchWriteItemResponse.builder()
        .unprocessedItems(left.isEmpty() ? Map.of() : Map.of(NAME, left))
        .build();
  }

  @Override
  public PutItemResponse putItem(PutItemRequest request) {
    return play(
        "putItem",
        request,
        () -> {
          requireOurs(request.tableName());
          notePartition(request.tableName(), request.item());
          Write write = Write.of(items, request);
          requireCondition(write, request.returnValuesOnConditionCheckFailureAsString());
          write.apply(items);
          return PutItemResponse.builder().build();
        });
  }

  @Override
  public UpdateItemResponse updateItem(UpdateItemRequest request) {
    return play(
        "updateItem",
        request,
        () -> {
          requireOurs(request.tableName());
          Write write = Write.of(items, request);
          requireCondition(write, request.returnValuesOnConditionCheckFailureAsString());
          write.apply(items);
          boolean returnsNew = "ALL_NEW".equals(request.returnValuesAsString());
          return UpdateItemResponse.builder()
              .attributes(returnsNew ? items.get(request.key()) : Map.of())
              .build();
        });
  }

  @Override
  public DeleteItemResponse deleteItem(DeleteItemRequest request) {
    throw new AssertionError("a vault deletes in transactions and batches only");
  }

  @Override
  public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
    return play("transactWriteItems", request, () -> onceByToken(request));
  }

  /** As DynamoDB within ten minutes: a token that was done is done, and writes nothing again. */
  private TransactWriteItemsResponse onceByToken(TransactWriteItemsRequest request) {
    String token = request.clientRequestToken();
    if (token == null) {
      throw new AssertionError("a transaction must have a token to be safe to repeat");
    }
    List<TransactWriteItem> done = tokensDone.get(token);
    if (done == null) {
      TransactWriteItemsResponse response = transact(request.transactItems());
      tokensDone.put(token, request.transactItems());
      return response;
    }
    if (!done.equals(request.transactItems())) {
      throw new AssertionError("a token must not be used for another transaction");
    }
    return TransactWriteItemsResponse.builder().build();
  }

  private TransactWriteItemsResponse transact(List<TransactWriteItem> asked) {
    asked.stream()
        .filter(each -> each.put() != null)
        .forEach(each -> notePartition(each.put().tableName(), each.put().item()));
    List<Write> writes = asked.stream().map(each -> Write.of(items, each)).toList();
    Set<Items.Key> keys = new HashSet<>();
    writes.forEach(write -> keys.add(write.key()));
    if (keys.size() != writes.size()) {
      throw new AssertionError("a transaction must not touch an item twice");
    }
    boolean[] failed = new boolean[writes.size()];
    for (int i = 0; i < failed.length; i++) {
      failed[i] = !writes.get(i).conditionHolds();
    }
    if (writes.stream().anyMatch(write -> !write.conditionHolds())) {
      throw Faults.conditionsFailed(failed);
    }
    writes.forEach(write -> write.apply(items));
    return TransactWriteItemsResponse.builder().build();
  }

  @Override
  public QueryResponse query(QueryRequest request) {
    return play(
        "query",
        request,
        () -> {
          requireOurs(request.tableName());
          if (request.indexName() == null) {
            requireConsistent(request.tableName(), request.consistentRead());
          }
          return Page.of(items, request, pageSize);
        });
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}

  private <T> T play(String operation, Object request, Supplier<T> work) {
    return script.play(
        operation,
        request,
        () -> {
          synchronized (this) {
            return work.get();
          }
        });
  }

  private int[] part(int size) {
    int[] part = partialBatches.poll();
    return part == null ? new int[] {0, size} : part;
  }

  private void notePartition(String table, Map<String, AttributeValue> item) {
    if (LOG.equals(table)) {
      records.add(item.get("pk"));
    }
  }

  private static void requireCondition(Write write, @Nullable String returned) {
    if (!write.conditionHolds()) {
      throw ConditionalCheckFailedException.builder()
          .statusCode(400)
          .item("ALL_OLD".equals(returned) ? new HashMap<>(write.before()) : Map.of())
          .build();
    }
  }

  private static <T> T only(Map<String, T> byTable) {
    if (!byTable.keySet().equals(Set.of(NAME))) {
      throw new AssertionError("no such table among " + byTable.keySet());
    }
    return byTable.values().iterator().next();
  }

  static void requireOurs(@Nullable String table) {
    if (table == null || !TABLES.contains(table)) {
      throw new AssertionError("no such table: " + table);
    }
  }

  private static void requireConsistent(@Nullable String table, @Nullable Boolean consistent) {
    if (NAME.equals(table) && !Boolean.TRUE.equals(consistent)) {
      throw new AssertionError("a read of the table must be strongly consistent");
    }
  }
}
