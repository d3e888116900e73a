package io.agentvault.standins;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * What the vault relies on in DynamoDB: exactly what its adapters use, in their own expressions.
 */
abstract class TableContract extends WritesContract {
  private static final int MANY = 30;
  private static final int LARGE_BYTES = 60_000;

  @Test
  void aBatchGetAnswersWhatIsThereAndLeavesOutWhatIsNot() {
    put("IDENTITY", Map.of("revision", number(1)));
    for (boolean there : new boolean[] {false, true}) {
      if (there) {
        put("CREDENTIAL#a", Map.of("revision", number(1)));
      }
      var response =
          dynamo()
              .batchGetItem(
                  get ->
                      get.requestItems(
                          Map.of(
                              table(),
                              KeysAndAttributes.builder()
                                  .keys(List.of(key("IDENTITY"), key("CREDENTIAL#a")))
                                  .consistentRead(true)
                                  .build())));
      assertThat(response.responses().get(table())).hasSize(there ? 2 : 1);
      assertThat(response.unprocessedKeys()).isEmpty();
    }
  }

  private QueryResponse page(Map<String, AttributeValue> after, int limit) {
    return dynamo()
        .query(
            query -> {
              query
                  .tableName(table())
                  .consistentRead(true)
                  .keyConditionExpression("pk = :partition AND begins_with(sk, :credential)")
                  .expressionAttributeValues(
                      Map.of(":partition", text(partition()), ":credential", text("CREDENTIAL#")))
                  .limit(limit);
              if (!after.isEmpty()) {
                query.exclusiveStartKey(after);
              }
            });
  }

  private static List<String> sortKeys(QueryResponse page) {
    return page.items().stream().map(item -> item.getOrDefault("sk", text("")).s()).toList();
  }

  @Test
  void aQueryIsSortedByBytesAndStaysInItsPartition() {
    put("IDENTITY", Map.of());
    put("ZEBRA", Map.of());
    for (String label : List.of("b", "B", "~", "!", "a b", "10", "9", "_")) {
      put("CREDENTIAL#" + label, Map.of());
    }
    assertThat(sortKeys(page(Map.of(), 100)))
        .extracting(sort -> sort.substring("CREDENTIAL#".length()))
        .containsExactly("!", "10", "9", "B", "_", "a b", "b", "~");
  }

  @Test
  void aQueryGoesOnBehindAnyKeyEvenOneThatIsGone() {
    for (String label : List.of("a", "c", "d", "e")) {
      put("CREDENTIAL#" + label, Map.of());
    }
    QueryResponse first = page(Map.of(), 2);
    assertThat(sortKeys(first)).containsExactly("CREDENTIAL#a", "CREDENTIAL#c");
    assertThat(first.lastEvaluatedKey()).isEqualTo(key("CREDENTIAL#c"));
    assertThat(sortKeys(page(key("CREDENTIAL#b"), 2)))
        .containsExactly("CREDENTIAL#c", "CREDENTIAL#d");
    QueryResponse last = page(key("CREDENTIAL#d"), 2);
    assertThat(sortKeys(last)).containsExactly("CREDENTIAL#e");
    assertThat(last.lastEvaluatedKey()).isEmpty();
    assertThat(page(key("CREDENTIAL#z"), 2).items()).isEmpty();
  }

  @Test
  void aPageEndsAtAMegabyteAndSaysSo() {
    AttributeValue large = AttributeValue.fromB(SdkBytes.fromByteArray(new byte[LARGE_BYTES]));
    for (int i = 0; i < MANY; i++) {
      put("CREDENTIAL#%02d".formatted(i), Map.of("sealed", large));
    }
    List<String> all = new ArrayList<>();
    Map<String, AttributeValue> after = Map.of();
    int pages = 0;
    do {
      QueryResponse page = page(after, 1_000);
      all.addAll(sortKeys(page));
      after = page.lastEvaluatedKey();
      pages++;
    } while (!after.isEmpty());
    assertThat(pages).isGreaterThan(1);
    assertThat(all).hasSize(MANY).doesNotHaveDuplicates();
  }

  @Test
  void aProjectionLeavesOutTheRest() {
    put("CREDENTIAL#a", Map.of("sealed", text("x")));
    QueryResponse page =
        dynamo()
            .query(
                query ->
                    query
                        .tableName(table())
                        .consistentRead(true)
                        .keyConditionExpression("pk = :partition")
                        .expressionAttributeValues(Map.of(":partition", text(partition())))
                        .projectionExpression("sk"));
    assertThat(page.items()).containsExactly(Map.of("sk", text("CREDENTIAL#a")));
  }

  @Test
  void aBatchDeletes25ItemsThereOrNot() {
    for (int i = 0; i < 20; i++) {
      put("CREDENTIAL#%02d".formatted(i), Map.of());
    }
    List<WriteRequest> deletes =
        IntStream.range(0, 25)
            .mapToObj(i -> key("CREDENTIAL#%02d".formatted(i)))
            .map(key -> WriteRequest.builder().deleteRequest(d -> d.key(key)).build())
            .toList();
    var response = dynamo().batchWriteItem(write -> write.requestItems(Map.of(table(), deletes)));
    assertThat(response.unprocessedItems()).isEmpty();
    assertThat(page(Map.of(), 100).items()).isEmpty();
  }

  @Test
  void theTenantIndexHoldsIdentitiesOnlyAndNoKeyOfTheirs() {
    String tenant = "t-" + UUID.randomUUID();
    put(
        "IDENTITY",
        Map.of(
            "tenant", text(tenant),
            "createdAt", text("2026-01-01T00:00:00Z"),
            "name", text("n"),
            "scopes", AttributeValue.fromL(List.of()),
            "keyHash", text("hash"),
            "wrappedDataKey", text("wrapped")));
    put("RECEIPT", Map.of("tenant", text(tenant)));
    put("CREDENTIAL#a", Map.of("createdAt", text("2026-01-01T00:00:00Z")));
    QueryResponse page =
        dynamo()
            .query(
                query ->
                    query
                        .tableName(table())
                        .indexName("tenant")
                        .keyConditionExpression("tenant = :tenant")
                        .expressionAttributeValues(Map.of(":tenant", text(tenant))));
    assertThat(page.items()).hasSize(1);
    assertThat(page.items().getFirst().keySet())
        .containsExactlyInAnyOrder("pk", "sk", "tenant", "createdAt", "name", "scopes");
  }

  @Test
  void ttlIsTheTimeToLive() {
    var ttl = dynamo().describeTimeToLive(describe -> describe.tableName(table()));
    assertThat(ttl.timeToLiveDescription().attributeName()).isEqualTo("ttl");
    assertThat(ttl.timeToLiveDescription().timeToLiveStatusAsString()).isIn("ENABLED", "ENABLING");
  }
}
