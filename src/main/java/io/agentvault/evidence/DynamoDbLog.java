package io.agentvault.evidence;

import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;
import static io.agentvault.remote.Transactions.STORAGE;

import io.agentvault.evidence.EntryCodec.Read;
import io.agentvault.problem.Internal;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Attributes;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.Reads;
import io.agentvault.remote.RemoteCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/** {@link Log} on the records' table. A record is put once and never touched again. */
final class DynamoDbLog implements Log {
  static final String PARTITION_PREFIX = "LOG#";
  static final String RECORD = "record";
  static final String TTL = "ttl";

  private static final String ABSENT = "attribute_not_exists(pk)";

  /** What a page that finds little reads at most: pages of the store, 1 MB each. */
  static final int MOST_QUERIES = 5;

  /** Behind every character of a key: {@code '~'} is the last printable one. */
  private static final String LAST = "~";

  private final DynamoDbClient client;
  private final Backoff backoff;
  private final String table;
  private final Reads reads;
  private final Duration retention;
  private final EntryCodec codec;

  DynamoDbLog(
      DynamoDbClient client, Backoff backoff, String table, Duration retention, EntryCodec codec) {
    this.client = client;
    this.backoff = backoff;
    this.table = table;
    this.reads = new Reads(client, table);
    this.retention = retention;
    this.codec = codec;
  }

  @Override
  public void write(Entry entry, Deadline deadline) {
    Map<String, AttributeValue> item = item(entry);
    Map<String, AttributeValue> stands = put(item, deadline);
    if (!item.equals(stands)) { // if it is ours, it is that of our first try, whose answer was lost
      throw new Internal("two records have the same key");
    }
  }

  @Override
  public void append(Entry entry, Deadline deadline) {
    put(item(entry), deadline);
  }

  /** What stands at the item's key then. */
  private Map<String, AttributeValue> put(Map<String, AttributeValue> item, Deadline deadline) {
    for (int failures = 1; ; failures++) {
      Optional<Map<String, AttributeValue>> stands = tryOnce(item, deadline);
      if (stands.isPresent()) {
        return stands.get();
      }
      if (!backoff.before(failures, deadline)) {
        throw new Unavailable(STORAGE, 1);
      }
    }
  }

  private Optional<Map<String, AttributeValue>> tryOnce(
      Map<String, AttributeValue> item, Deadline deadline) {
    return RemoteCalls.call(
        STORAGE,
        deadline,
        limits -> {
          try {
            client.putItem(
                put ->
                    put.tableName(table)
                        .item(item)
                        .conditionExpression(ABSENT)
                        .returnValuesOnConditionCheckFailure(
                            ReturnValuesOnConditionCheckFailure.ALL_OLD)
                        .overrideConfiguration(limits));
            return Optional.of(item);
          } catch (ConditionalCheckFailedException e) {
            return Optional.of(e.item());
          } catch (TransactionConflictException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public TransactWriteItem line(Entry entry) {
    return TransactWriteItem.builder()
        .put(put -> put.tableName(table).item(item(entry)).conditionExpression(ABSENT))
        .build();
  }

  private Map<String, AttributeValue> item(Entry entry) {
    long keptUntil = entry.at().plus(retention).getEpochSecond();
    return Map.of(
        "pk",
        text(PARTITION_PREFIX + entry.agent()),
        "sk",
        text(entry.key()),
        RECORD,
        text(codec.text(entry, keptUntil)),
        TTL,
        number(keptUntil));
  }

  @Override
  public Page page(
      String agent,
      Wanted wanted,
      Predicate<Entry> visible,
      int limit,
      Optional<String> after,
      Deadline deadline) {
    List<Entry> found = new ArrayList<>();
    Optional<Map<String, AttributeValue>> from = Optional.empty();
    Range range = behind(wanted.range(), after);
    Predicate<Entry> asked = wanted.which().and(visible);
    if (range.isEmpty()) {
      return new Page(found, Optional.empty());
    }
    for (int queries = 0; queries < MOST_QUERIES; queries++) {
      // most often the first few are all that is wanted
      Optional<Integer> most = queries == 0 ? Optional.of(limit + 1) : Optional.empty();
      QueryResponse response = query(agent, range, from, most, deadline);
      for (Map<String, AttributeValue> item : response.items()) {
        Optional<Entry> entry =
            Attributes.of(item).optionalText(RECORD).flatMap(codec::read).map(Read::entry);
        entry
            .filter(each -> !each.key().equals(after.orElse("")))
            .filter(asked)
            .ifPresent(found::add);
        if (found.size() == limit) {
          return new Page(found, Optional.of(found.getLast().key()));
        }
      }
      if (!response.hasLastEvaluatedKey()) {
        return new Page(found, Optional.empty());
      }
      from = Optional.of(response.lastEvaluatedKey());
    }
    return new Page(found, from.map(last -> Attributes.of(last).text("sk", "record")));
  }

  private QueryResponse query(
      String agent,
      Range between,
      Optional<Map<String, AttributeValue>> from,
      Optional<Integer> most,
      Deadline deadline) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":partition", text(PARTITION_PREFIX + agent));
    values.put(":since", text(between.since().orElse("0")));
    values.put(":until", text(between.until().orElse(LAST)));
    QueryRequest.Builder query =
        QueryRequest.builder()
            .consistentRead(true)
            .scanIndexForward(false)
            .keyConditionExpression("pk = :partition AND sk BETWEEN :since AND :until")
            .expressionAttributeValues(values);
    from.ifPresent(query::exclusiveStartKey);
    most.ifPresent(query::limit);
    return reads.page(query, deadline);
  }

  /** A place from another listing is a place here too, never a malformed request. */
  private static Range behind(Range between, Optional<String> after) {
    String until = between.until().orElse(LAST);
    return new Range(
        between.since(),
        after.filter(key -> key.compareTo(until) < 0).or(() -> Optional.of(until)));
  }
}
