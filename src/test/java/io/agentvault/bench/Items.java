package io.agentvault.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Puts many items into the table that nobody is going to open. */
final class Items {
  private static final int BATCH = 25;
  private static final int SEALED_BYTES = 200;
  private static final String SOME_TIME = "2026-01-01T00:00:00Z";

  private Items() {}

  /** Credentials of an agent, numbered from 0. */
  static void credentials(DynamoDbClient client, String table, Agent agent, int count) {
    put(
        client,
        table,
        count,
        0,
        number ->
            Map.of(
                "pk", AttributeValue.fromS(agent.partition()),
                "sk", AttributeValue.fromS("CREDENTIAL#credential-" + number),
                "sealed", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[SEALED_BYTES])),
                "revision", AttributeValue.fromN("1"),
                "createdAt", AttributeValue.fromS(SOME_TIME)));
  }

  /** Identities with numbers from {@code from} on, up to {@code to} exclusive. */
  static void identities(DynamoDbClient client, String table, int from, int to) {
    put(
        client,
        table,
        to,
        from,
        number ->
            Map.of(
                "pk", AttributeValue.fromS("AGENT#number-" + number),
                "sk", AttributeValue.fromS("IDENTITY"),
                "tenant", AttributeValue.fromS("tenant-" + number % 100),
                "keyHash", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[32])),
                "wrappedDataKey", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[184])),
                "revision", AttributeValue.fromN("1"),
                "createdAt", AttributeValue.fromS(SOME_TIME)));
  }

  private static void put(
      DynamoDbClient client,
      String table,
      int to,
      int from,
      IntFunction<Map<String, AttributeValue>> item) {
    for (int start = from; start < to; start += BATCH) {
      List<WriteRequest> batch = new ArrayList<>();
      for (int number = start; number < Math.min(to, start + BATCH); number++) {
        Map<String, AttributeValue> attributes = item.apply(number);
        batch.add(WriteRequest.builder().putRequest(put -> put.item(attributes)).build());
      }
      var response = client.batchWriteItem(write -> write.requestItems(Map.of(table, batch)));
      if (!response.unprocessedItems().isEmpty()) {
        throw new IllegalStateException("DynamoDB Local left items unprocessed");
      }
    }
  }
}
