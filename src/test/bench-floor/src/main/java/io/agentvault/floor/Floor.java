package io.agentvault.floor;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * The AWS calls of the vault's operations and nothing else: no authentication, no cryptography, no
 * JSON, no log. The event is a JSON string of words: the operation, the partition key, the sort
 * key, and what else it needs. The answer is the number of items that were read.
 */
@Singleton
public final class Floor implements RequestStreamHandler {
  // Not static: what is static is made while the image is built.
  private final String table = System.getenv("VAULT_TABLE");
  private final String keyId = System.getenv("VAULT_KMS_KEY_ID");
  private final DynamoDbClient dynamoDb;
  private final Instance<KmsClient> kms;
  private boolean unwrapped;

  Floor(DynamoDbClient dynamoDb, Instance<KmsClient> kms) {
    this.dynamoDb = dynamoDb;
    this.kms = kms;
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    String event = new String(input.readAllBytes(), StandardCharsets.UTF_8);
    String[] words = event.substring(1, event.length() - 1).split(" ");
    int items =
        switch (words[0]) {
          case "get" -> get(words[1], words[2]);
          case "store" -> store(words[1], words[2], Integer.parseInt(words[3]));
          case "delete" -> delete(words[1], words[2]);
          case "list" -> list(words[1]);
          default -> throw new IllegalArgumentException("no such operation");
        };
    output.write(Integer.toString(items).getBytes(StandardCharsets.UTF_8));
  }

  private int get(String partition, String sort) {
    List<Map<String, AttributeValue>> items =
        dynamoDb
            .batchGetItem(
                get ->
                    get.requestItems(
                        Map.of(
                            table,
                            KeysAndAttributes.builder()
                                .keys(key(partition, "IDENTITY"), key(partition, sort))
                                .consistentRead(true)
                                .build())))
            .responses()
            .get(table);
    items.stream()
        .filter(item -> item.containsKey("wrappedDataKey"))
        .findFirst()
        .ifPresent(this::unwrapOnce);
    return items.size();
  }

  /** As the vault's cache of data keys does. */
  private void unwrapOnce(Map<String, AttributeValue> identity) {
    if (unwrapped) {
      return;
    }
    String id = identity.get("pk").s().substring("AGENT#".length());
    kms.get()
        .decrypt(
            decrypt ->
                decrypt
                    .keyId(keyId)
                    .ciphertextBlob(identity.get("wrappedDataKey").b())
                    .encryptionContext(
                        Map.of("tenant", identity.get("tenant").s(), "identity", id)));
    unwrapped = true;
  }

  private int store(String partition, String sort, int bytes) {
    int items = get(partition, sort);
    commit(
        partition,
        TransactWriteItem.builder()
            .update(
                update ->
                    update
                        .tableName(table)
                        .key(key(partition, sort))
                        .updateExpression("SET sealed = :sealed")
                        .expressionAttributeValues(
                            Map.of(
                                ":sealed",
                                AttributeValue.fromB(SdkBytes.fromByteArray(new byte[bytes])))))
            .build());
    return items;
  }

  private int delete(String partition, String sort) {
    int items = get(partition, sort);
    commit(
        partition,
        TransactWriteItem.builder()
            .delete(delete -> delete.tableName(table).key(key(partition, sort)))
            .build());
    return items;
  }

  private void commit(String partition, TransactWriteItem write) {
    TransactWriteItem check =
        TransactWriteItem.builder()
            .conditionCheck(
                identity ->
                    identity
                        .tableName(table)
                        .key(key(partition, "IDENTITY"))
                        .conditionExpression("attribute_exists(pk)"))
            .build();
    dynamoDb.transactWriteItems(transaction -> transaction.transactItems(check, write));
  }

  private int list(String partition) {
    dynamoDb.getItem(
        get -> get.tableName(table).key(key(partition, "IDENTITY")).consistentRead(true));
    return dynamoDb
        .query(
            query ->
                query
                    .tableName(table)
                    .consistentRead(true)
                    .keyConditionExpression("pk = :partition AND begins_with(sk, :credential)")
                    .expressionAttributeValues(
                        Map.of(
                            ":partition",
                            AttributeValue.fromS(partition),
                            ":credential",
                            AttributeValue.fromS("CREDENTIAL#"))))
        .items()
        .size();
  }

  private static Map<String, AttributeValue> key(String partition, String sort) {
    return Map.of("pk", AttributeValue.fromS(partition), "sk", AttributeValue.fromS(sort));
  }
}
