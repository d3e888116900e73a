package io.agentvault.standins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** What the vault relies on where it writes: conditions, transactions, tokens. */
abstract class WritesContract extends AdaptersContract {
  final DynamoDbClient dynamo() {
    return client();
  }

  private String partition = "";

  final String partition() {
    return partition;
  }

  @BeforeEach
  void useAPartitionOfItsOwn() {
    partition = "AGENT#" + UUID.randomUUID();
  }

  final Map<String, AttributeValue> key(String sort) {
    return Map.of("pk", text(partition), "sk", text(sort));
  }

  static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  final void put(String sort, Map<String, AttributeValue> attributes) {
    Map<String, AttributeValue> item = new java.util.HashMap<>(key(sort));
    item.putAll(attributes);
    dynamo().putItem(put -> put.tableName(table()).item(item));
  }

  private Map<String, AttributeValue> get(String sort) {
    return dynamo()
        .getItem(get -> get.tableName(table()).key(key(sort)).consistentRead(true))
        .item();
  }

  @Test
  void anItemThatIsNotThereIsEmpty() {
    assertThat(get("IDENTITY")).isEmpty();
  }

  @Test
  void anItemComesBackAsItWasPut() {
    Map<String, AttributeValue> attributes =
        Map.of(
            "sealed", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, 1, -1})),
            "empty", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[0])),
            "revision", number(Long.MAX_VALUE),
            "scopes", AttributeValue.fromL(List.of(text("b"), text("a"))),
            "none", AttributeValue.fromL(List.of()),
            "complete", AttributeValue.fromBool(false));
    put("IDENTITY", attributes);
    assertThat(get("IDENTITY")).containsAllEntriesOf(attributes);
  }

  @Test
  void aPutOverAnItemThatMustNotBeThereFailsAndShowsIt() {
    put("IDENTITY", Map.of("keyHash", text("first")));
    Map<String, AttributeValue> second = new java.util.HashMap<>(key("IDENTITY"));
    second.put("keyHash", text("second"));
    assertThatThrownBy(
            () ->
                dynamo()
                    .putItem(
                        put ->
                            put.tableName(table())
                                .item(second)
                                .conditionExpression("attribute_not_exists(pk)")
                                .returnValuesOnConditionCheckFailure(
                                    ReturnValuesOnConditionCheckFailure.ALL_OLD)))
        .isInstanceOfSatisfying(
            ConditionalCheckFailedException.class,
            e -> assertThat(e.item()).containsEntry("keyHash", text("first")));
    assertThat(get("IDENTITY")).containsEntry("keyHash", text("first"));
  }

  @Test
  void aFailedConditionOnNothingShowsNothing() {
    assertThatThrownBy(() -> update("keyHash <> :next", Map.of(":next", text("n")), "tenant = :t"))
        .isInstanceOfSatisfying(
            ConditionalCheckFailedException.class, e -> assertThat(e.item()).isEmpty());
    assertThat(get("IDENTITY")).isEmpty();
  }

  private UpdateItemResponse update(
      String condition, Map<String, AttributeValue> values, String alsoCondition) {
    Map<String, AttributeValue> all = new java.util.HashMap<>(values);
    all.put(":t", text("acme"));
    all.put(":one", number(1));
    return dynamo()
        .updateItem(
            request ->
                request
                    .tableName(table())
                    .key(key("IDENTITY"))
                    .conditionExpression(alsoCondition + " AND " + condition)
                    .updateExpression(
                        "SET previousKeyHash = keyHash, keyHash = :next, #revision = #revision +"
                            + " :one REMOVE gone")
                    .expressionAttributeNames(Map.of("#revision", "revision"))
                    .expressionAttributeValues(all)
                    .returnValues(ReturnValue.ALL_NEW)
                    .returnValuesOnConditionCheckFailure(
                        ReturnValuesOnConditionCheckFailure.ALL_OLD));
  }

  @Test
  void anUpdateSetsFromOldValuesRemovesAndShowsTheNewItem() {
    put(
        "IDENTITY",
        Map.of(
            "tenant", text("acme"),
            "keyHash", text("old"),
            "revision", number(7),
            "gone", text("x")));
    Map<String, AttributeValue> values = Map.of(":next", text("new"));
    Map<String, AttributeValue> updated =
        update("keyHash <> :next", values, "tenant = :t").attributes();
    assertThat(updated)
        .containsEntry("previousKeyHash", text("old"))
        .containsEntry("keyHash", text("new"))
        .containsEntry("revision", number(8))
        .doesNotContainKey("gone");
    assertThat(get("IDENTITY")).isEqualTo(updated);
    assertThatThrownBy(() -> update("keyHash <> :next", values, "tenant = :t"))
        .isInstanceOfSatisfying(
            ConditionalCheckFailedException.class, e -> assertThat(e.item()).isEqualTo(updated));
  }

  @Test
  void ifNotExistsKeepsTheFirstValue() {
    put("RECEIPT", Map.of());
    for (int count : new int[] {3, 5}) {
      dynamo()
          .updateItem(
              request ->
                  request
                      .tableName(table())
                      .key(key("RECEIPT"))
                      .conditionExpression("attribute_exists(pk)")
                      .updateExpression("SET n = if_not_exists(n, :count), complete = :true")
                      .expressionAttributeValues(
                          Map.of(":count", number(count), ":true", AttributeValue.fromBool(true))));
    }
    assertThat(get("RECEIPT")).containsEntry("n", number(3));
  }

  private List<TransactWriteItem> store(long identityRevision, String condition, long revision) {
    TransactWriteItem check =
        TransactWriteItem.builder()
            .conditionCheck(
                item ->
                    item.tableName(table())
                        .key(key("IDENTITY"))
                        .conditionExpression("revision = :revision")
                        .expressionAttributeValues(Map.of(":revision", number(identityRevision))))
            .build();
    TransactWriteItem write =
        TransactWriteItem.builder()
            .update(
                item ->
                    item.tableName(table())
                        .key(key("CREDENTIAL#a"))
                        .conditionExpression(condition)
                        .updateExpression("SET revision = :next REMOVE #ttl, otpStep")
                        .expressionAttributeNames(Map.of("#ttl", "ttl"))
                        .expressionAttributeValues(
                            condition.contains(":expected")
                                ? Map.of(
                                    ":next", number(revision + 1), ":expected", number(revision))
                                : Map.of(":next", number(revision + 1))))
            .build();
    return List.of(check, write);
  }

  private void transact(List<TransactWriteItem> items) {
    dynamo().transactWriteItems(request -> request.transactItems(items));
  }

  private void assertCanceled(List<TransactWriteItem> items, String... reasons) {
    assertThatThrownBy(() -> transact(items))
        .isInstanceOfSatisfying(
            TransactionCanceledException.class,
            e ->
                assertThat(e.cancellationReasons())
                    .extracting(CancellationReason::code)
                    .containsExactly(reasons));
  }

  @Test
  void aTransactionWritesAllOfItOrNoneAndSaysWhichConditionFailed() {
    put("IDENTITY", Map.of("revision", number(4)));
    assertCanceled(store(5, "attribute_not_exists(pk)", 0), "ConditionalCheckFailed", "None");
    assertThat(get("CREDENTIAL#a")).isEmpty();
    transact(store(4, "attribute_not_exists(pk)", 0));
    assertThat(get("CREDENTIAL#a")).containsEntry("revision", number(1));
    assertCanceled(store(4, "attribute_not_exists(pk)", 0), "None", "ConditionalCheckFailed");
    assertCanceled(store(4, "revision = :expected", 2), "None", "ConditionalCheckFailed");
    transact(store(4, "revision = :expected", 1));
    assertThat(get("CREDENTIAL#a")).containsEntry("revision", number(2));
    assertCanceled(
        store(9, "revision = :expected", 1), "ConditionalCheckFailed", "ConditionalCheckFailed");
  }

  @Test
  void aConditionOnAnIdentityThatIsGoneFails() {
    assertCanceled(store(1, "attribute_not_exists(pk)", 0), "ConditionalCheckFailed", "None");
    assertThat(get("CREDENTIAL#a")).isEmpty();
  }

  @Test
  void lockAndShredHappensOnce() {
    put("IDENTITY", Map.of("tenant", text("acme")));
    Map<String, AttributeValue> receipt = new java.util.HashMap<>(key("RECEIPT"));
    receipt.put("tenant", text("acme"));
    List<TransactWriteItem> shred =
        List.of(
            TransactWriteItem.builder()
                .delete(
                    delete ->
                        delete
                            .tableName(table())
                            .key(key("IDENTITY"))
                            .conditionExpression("tenant = :tenant")
                            .expressionAttributeValues(Map.of(":tenant", text("acme"))))
                .build(),
            TransactWriteItem.builder()
                .put(
                    put ->
                        put.tableName(table())
                            .item(receipt)
                            .conditionExpression("attribute_not_exists(pk)"))
                .build());
    transact(shred);
    assertThat(get("IDENTITY")).isEmpty();
    assertThat(get("RECEIPT")).isEqualTo(receipt);
    assertCanceled(shred, "ConditionalCheckFailed", "ConditionalCheckFailed");
  }

  @Test
  void aTransactionRepeatedWithItsTokenIsAppliedOnce() {
    put("IDENTITY", Map.of("revision", number(1)));
    String token = UUID.randomUUID().toString();
    List<TransactWriteItem> items = store(1, "attribute_not_exists(pk)", 0);
    for (int attempt = 1; attempt <= 3; attempt++) {
      dynamo()
          .transactWriteItems(request -> request.transactItems(items).clientRequestToken(token));
    }
    assertThat(get("CREDENTIAL#a")).containsEntry("revision", number(1));
    assertThatThrownBy(
            () ->
                dynamo()
                    .transactWriteItems(
                        request ->
                            request
                                .transactItems(store(1, "revision = :expected", 1))
                                .clientRequestToken(token)))
        .isInstanceOf(IdempotentParameterMismatchException.class);
  }
}
