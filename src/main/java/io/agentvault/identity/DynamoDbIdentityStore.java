package io.agentvault.identity;

import static io.agentvault.remote.Attributes.bytes;
import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;
import static io.agentvault.remote.Attributes.texts;

import io.agentvault.problem.Conflict;
import io.agentvault.problem.Internal;
import io.agentvault.remote.Attributes;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.ConditionalWrites;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.Reads;
import io.agentvault.remote.Transactions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** {@link IdentityStore} on the vault's table. */
public final class DynamoDbIdentityStore implements IdentityStore {
  private static final String TENANT_INDEX = "tenant";

  private final DynamoDbClient client;
  private final Transactions transactions;
  private final Transactions lastingTransactions;
  private final ConditionalWrites writes;
  private final Reads reads;
  private final String table;

  public DynamoDbIdentityStore(DynamoDbClient client, Backoff backoff, String table) {
    this.client = client;
    this.transactions = new Transactions(client, backoff);
    this.lastingTransactions = Transactions.untilDeadline(client, backoff);
    this.writes = new ConditionalWrites(backoff);
    this.reads = new Reads(client, table);
    this.table = table;
  }

  @Override
  public void create(Identity identity, TransactWriteItem record, Deadline deadline) {
    TransactWriteItem write =
        TransactWriteItem.builder()
            .put(
                put ->
                    put.tableName(table)
                        .item(IdentityItem.write(identity))
                        .conditionExpression("attribute_not_exists(pk)"))
            .build();
    TransactWriteItem nothingStored =
        TransactWriteItem.builder()
            .put(put -> put.tableName(table).item(UsageItem.ofEmptyVault(identity.id())))
            .build();
    // a repetition after a lost answer must not bring back what was revoked meanwhile
    TransactWriteItem neverRevoked =
        TransactWriteItem.builder()
            .conditionCheck(
                check ->
                    check
                        .tableName(table)
                        .key(ReceiptItem.key(identity.id()))
                        .conditionExpression("attribute_not_exists(pk)"))
            .build();
    if (!transactions
        .write(List.of(write, neverRevoked, nothingStored, record), deadline)
        .isEmpty()) {
      throw new Conflict("the identity exists already, or was revoked before this was answered");
    }
  }

  @Override
  public Optional<Identity> find(AgentId id, Deadline deadline) {
    return reads.item(IdentityItem.key(id), deadline).map(IdentityItem::read);
  }

  @Override
  public Page list(String tenant, int limit, Optional<Position> after, Deadline deadline) {
    List<IdentityItem.Summary> found = new ArrayList<>();
    Optional<Position> next = after;
    do { // one more than asked for says whether there is a next page
      next = query(tenant, limit + 1 - found.size(), next, found, deadline);
    } while (next.isPresent() && found.size() <= limit);
    if (found.size() <= limit) {
      return new Page(found, Optional.empty());
    }
    List<IdentityItem.Summary> shown = found.subList(0, limit);
    return new Page(shown, Optional.of(position(shown.getLast())));
  }

  private Optional<Position> query(
      String tenant,
      int limit,
      Optional<Position> after,
      List<IdentityItem.Summary> found,
      Deadline deadline) {
    QueryRequest.Builder query =
        QueryRequest.builder()
            .indexName(TENANT_INDEX)
            .keyConditionExpression("tenant = :tenant")
            .expressionAttributeValues(Map.of(":tenant", text(tenant)))
            .limit(limit);
    after.ifPresent(position -> query.exclusiveStartKey(startKey(tenant, position)));
    QueryResponse response = reads.page(query, deadline);
    response.items().stream().map(IdentityItem::summary).forEach(found::add);
    return response.lastEvaluatedKey().isEmpty()
        ? Optional.empty()
        : Optional.of(position(found.getLast()));
  }

  private static Position position(IdentityItem.Summary summary) {
    return new Position(summary.id(), summary.createdAt());
  }

  private static Map<String, AttributeValue> startKey(String tenant, Position position) {
    Map<String, AttributeValue> key = new HashMap<>(IdentityItem.key(position.id()));
    key.put(IdentityItem.TENANT, text(tenant));
    key.put(IdentityItem.CREATED_AT, IdentityItem.createdAt(position.createdAt()));
    return key;
  }

  @Override
  public boolean update(
      Identity expected, Identity changed, TransactWriteItem record, Deadline deadline) {
    Optional<String> name = changed.name();
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":scopes", texts(Scope.texts(changed.scopes())));
    values.put(":depositors", texts(changed.depositors()));
    values.put(":one", number(1));
    values.put(":expected", number(expected.revision()));
    name.ifPresent(text -> values.put(":name", text(text)));
    Update update =
        Update.builder()
            .tableName(table)
            .key(IdentityItem.key(expected.id()))
            .conditionExpression("#revision = :expected")
            .expressionAttributeNames(Map.of("#revision", "revision", "#name", "name"))
            .updateExpression(
                "SET scopes = :scopes, depositors = :depositors, #revision = #revision + :one"
                    + (name.isPresent() ? ", #name = :name" : " REMOVE #name"))
            .expressionAttributeValues(values)
            .build();
    return isWritten(transactions, update, record, deadline);
  }

  private static boolean isWritten(
      Transactions transactions, Update update, TransactWriteItem record, Deadline deadline) {
    TransactWriteItem write = TransactWriteItem.builder().update(update).build();
    return transactions.write(List.of(write, record), deadline).isEmpty();
  }

  @Override
  public boolean rotate(
      AgentId id,
      String tenant,
      KeyVerifier next,
      Optional<Instant> previousNotAfter,
      TransactWriteItem record,
      Deadline deadline) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":next", bytes(next.hash()));
    values.put(":tenant", text(tenant));
    values.put(":one", number(1));
    values.put(":zero", number(0));
    previousNotAfter.ifPresent(at -> values.put(":notAfter", number(at.toEpochMilli())));
    String previous =
        previousNotAfter.isPresent()
            ? ", previousKeyHash = keyHash, previousKeyNotAfter = :notAfter,"
                + " previousKeyGeneration = if_not_exists(keyGeneration, :zero)"
            : " REMOVE previousKeyHash, previousKeyNotAfter, previousKeyGeneration";
    Update update =
        Update.builder()
            .tableName(table)
            .key(IdentityItem.key(id))
            .conditionExpression("tenant = :tenant")
            .expressionAttributeNames(Map.of("#revision", "revision"))
            .updateExpression(
                "SET keyHash = :next, #revision = #revision + :one,"
                    + " keyGeneration = if_not_exists(keyGeneration, :zero) + :one"
                    + previous)
            .expressionAttributeValues(values)
            .build();
    return isWritten(lastingTransactions, update, record, deadline);
  }

  @Override
  public boolean shred(Receipt receipt, Deadline deadline) {
    TransactWriteItem lockAndShred =
        TransactWriteItem.builder()
            .delete(
                delete ->
                    delete
                        .tableName(table)
                        .key(IdentityItem.key(receipt.id()))
                        .conditionExpression("tenant = :tenant")
                        .expressionAttributeValues(Map.of(":tenant", text(receipt.tenant()))))
            .build();
    // over an older receipt too: an identity that a restore brought back is revoked like any other
    TransactWriteItem writeReceipt =
        TransactWriteItem.builder()
            .put(put -> put.tableName(table).item(ReceiptItem.write(receipt)))
            .build();
    return lastingTransactions.write(List.of(lockAndShred, writeReceipt), deadline).isEmpty();
  }

  @Override
  public Optional<Receipt> receipt(AgentId id, Deadline deadline) {
    return reads.item(ReceiptItem.key(id), deadline).map(ReceiptItem::read);
  }

  @Override
  public Receipt advance(Receipt expected, Sweep next, Deadline deadline) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":revokedAt", text(expected.revokedAt().toString()));
    values.put(":count", number(next.credentials().orElseThrow()));
    values.put(":next", text(next.cursor().orElseThrow()));
    expected.sweep().cursor().ifPresent(cursor -> values.put(":expected", text(cursor)));
    next.accessTokensValidUntil().ifPresent(at -> values.put(":until", text(at.toString())));
    UpdateItemRequest.Builder update =
        UpdateItemRequest.builder()
            .key(ReceiptItem.key(expected.id()))
            .conditionExpression(
                "revokedAt = :revokedAt AND "
                    + (expected.sweep().cursor().isPresent()
                        ? "sweptTo = :expected"
                        : "attribute_not_exists(sweptTo)"))
            .updateExpression(
                "SET credentialsDestroyed = :count, sweptTo = :next"
                    + (values.containsKey(":until") ? ", accessTokensValidUntil = :until" : ""))
            .expressionAttributeValues(values);
    return asItStands(update, deadline);
  }

  @Override
  public Receipt complete(Receipt receipt, Deadline deadline) {
    return asItStands(
        UpdateItemRequest.builder()
            .key(ReceiptItem.key(receipt.id()))
            .conditionExpression("revokedAt = :revokedAt")
            .updateExpression(
                "SET credentialsDestroyed = if_not_exists(credentialsDestroyed, :none),"
                    + " complete = :true")
            .expressionAttributeValues(
                Map.of(
                    ":revokedAt", text(receipt.revokedAt().toString()),
                    ":none", number(0),
                    ":true", Attributes.flag(true))),
        deadline);
  }

  @Override
  public Receipt sign(Receipt receipt, Receipt.Signature signature, Deadline deadline) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":revokedAt", text(receipt.revokedAt().toString()));
    values.put(":signed", text(signature.jws()));
    values.put(":whole", Attributes.flag(signature.whole()));
    if (signature.whole()) {
      values.put(":part", Attributes.flag(false));
    }
    return asItStands(
        UpdateItemRequest.builder()
            .key(ReceiptItem.key(receipt.id()))
            .conditionExpression(
                "revokedAt = :revokedAt AND (attribute_not_exists(signed)"
                    + (signature.whole() ? " OR signedWhole = :part)" : ")"))
            .updateExpression("SET signed = :signed, signedWhole = :whole")
            .expressionAttributeValues(values),
        deadline);
  }

  /** The receipt after the update, or, when its condition failed, what made it fail. */
  private Receipt asItStands(UpdateItemRequest.Builder update, Deadline deadline) {
    update.returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    return ReceiptItem.read(
        writes.write(
            deadline,
            limits -> send(update, limits),
            found -> {
              if (found.isEmpty()) {
                throw new Internal("a receipt is gone");
              }
              return found;
            }));
  }

  private Map<String, AttributeValue> send(
      UpdateItemRequest.Builder update, AwsRequestOverrideConfiguration limits) {
    return client
        .updateItem(
            update
                .tableName(table)
                .returnValues(ReturnValue.ALL_NEW)
                .overrideConfiguration(limits)
                .build())
        .attributes();
  }
}
