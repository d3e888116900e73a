package io.agentvault.revocation;

import io.agentvault.local.LocalCloud;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** The table as it is, read and written past the functions and the tap. */
final class Table {
  private static final int BATCH = 25;

  private final DynamoDbClient client;
  private final String name;

  Table(LocalCloud cloud) {
    this.client = cloud.dynamo();
    this.name = cloud.tableName();
  }

  /** Everything in the partition of an identity, by sort key. */
  Map<String, Map<String, AttributeValue>> partition(String id) {
    Map<String, Map<String, AttributeValue>> items = new TreeMap<>();
    QueryRequest query =
        QueryRequest.builder()
            .tableName(name)
            .consistentRead(true)
            .keyConditionExpression("pk = :partition")
            .expressionAttributeValues(Map.of(":partition", text("AGENT#" + id)))
            .build();
    client
        .queryPaginator(query)
        .items()
        .forEach(item -> items.put(sortKey(item), Map.copyOf(item)));
    return items;
  }

  private static String sortKey(Map<String, AttributeValue> item) {
    return Objects.requireNonNull(item.get("sk")).s();
  }

  /** The receipt of a revoked identity, as it is stored. */
  Optional<Map<String, AttributeValue>> receipt(String id) {
    return Optional.of(
            client
                .getItem(
                    get ->
                        get.tableName(name)
                            .consistentRead(true)
                            .key(Map.of("pk", text("RECEIPT#" + id), "sk", text("RECEIPT"))))
                .item())
        .filter(item -> !item.isEmpty());
  }

  /** What the receipt says of the ciphertext; a revoked identity must have one. */
  boolean isReceiptComplete(String id) {
    return Objects.requireNonNull(receipt(id).orElseThrow().get("complete")).bool();
  }

  /** Deletes an identity item alone, as if it had never been. */
  void erase(String id) {
    client.deleteItem(
        delete ->
            delete.tableName(name).key(Map.of("pk", text("AGENT#" + id), "sk", text("IDENTITY"))));
  }

  /** Puts items back as they were. */
  void put(Collection<Map<String, AttributeValue>> items) {
    items.forEach(item -> client.putItem(put -> put.tableName(name).item(item)));
  }

  /** Puts so many credentials of that size into a vault; nobody can open them. */
  void fill(String id, int credentials, int sealedBytes) {
    AttributeValue sealed =
        AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(new byte[sealedBytes]));
    String now = Instant.now().toString();
    List<WriteRequest> writes =
        IntStream.range(0, credentials)
            .mapToObj(
                number ->
                    WriteRequest.builder()
                        .putRequest(
                            put ->
                                put.item(
                                    Map.of(
                                        "pk", text("AGENT#" + id),
                                        "sk", text("CREDENTIAL#filled-%05d".formatted(number)),
                                        "id", text("filled-" + number),
                                        "sealed", sealed,
                                        "revision", AttributeValue.fromN("1"),
                                        "createdAt", text(now),
                                        "updatedAt", text(now))))
                        .build())
            .toList();
    IntStream.range(0, (credentials + BATCH - 1) / BATCH)
        .parallel()
        .forEach(
            batch ->
                write(writes.subList(batch * BATCH, Math.min(credentials, (batch + 1) * BATCH))));
  }

  private void write(List<WriteRequest> batch) {
    for (List<WriteRequest> left = new ArrayList<>(batch); !left.isEmpty(); ) {
      List<WriteRequest> asked = left;
      BatchWriteItemResponse response =
          client.batchWriteItem(write -> write.requestItems(Map.of(name, asked)));
      left = response.unprocessedItems().getOrDefault(name, List.of());
    }
  }

  private static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }
}
