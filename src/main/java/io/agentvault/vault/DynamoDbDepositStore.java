package io.agentvault.vault;

import static io.agentvault.remote.Attributes.flag;
import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;
import static io.agentvault.remote.Transactions.STORAGE;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.Identity;
import io.agentvault.identity.IdentityItem;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.BatchReads;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.Reads;
import io.agentvault.remote.RemoteCalls;
import io.agentvault.remote.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** {@link DepositStore} on the vault's table. */
final class DynamoDbDepositStore implements DepositStore {
  private final DynamoDbClient client;
  private final Transactions transactions;
  private final Reads reads;
  private final BatchReads batches;
  private final String table;
  private final ObjectMapper json;

  DynamoDbDepositStore(DynamoDbClient client, Backoff backoff, String table, ObjectMapper json) {
    this.client = client;
    this.transactions = new Transactions(client, backoff);
    this.reads = new Reads(client, table);
    this.batches = new BatchReads(client, backoff);
    this.table = table;
    this.json = json;
  }

  @Override
  public Loaded load(AgentId id, String depositId, Deadline deadline) {
    List<Map<String, AttributeValue>> items =
        batches.read(
            table, List.of(IdentityItem.key(id), DepositItem.key(id, depositId)), deadline);
    return new Loaded(
        items.stream()
            .filter(item -> !DepositItem.isDeposit(item))
            .findFirst()
            .map(IdentityItem::read),
        items.stream()
            .filter(DepositItem::isDeposit)
            .findFirst()
            .map(item -> DepositItem.read(item, json)));
  }

  @Override
  public Optional<StoredCredential> credential(AgentId id, Label label, Deadline deadline) {
    return reads.item(CredentialItem.key(id, label), deadline).map(CredentialItem::read);
  }

  @Override
  public List<Deposit> list(AgentId id, Deadline deadline) {
    List<Deposit> deposits = new ArrayList<>();
    Map<String, AttributeValue> from = Map.of();
    do {
      QueryRequest.Builder query =
          QueryRequest.builder()
              .consistentRead(true)
              .keyConditionExpression("pk = :partition AND begins_with(sk, :deposit)")
              .expressionAttributeValues(
                  Map.of(
                      ":partition",
                      IdentityItem.partition(id),
                      ":deposit",
                      text(DepositItem.SORT_KEY_PREFIX)));
      if (!from.isEmpty()) {
        query.exclusiveStartKey(from);
      }
      QueryResponse page = reads.page(query, deadline);
      page.items().forEach(item -> deposits.add(DepositItem.read(item, json)));
      from = page.lastEvaluatedKey();
    } while (!from.isEmpty());
    return deposits;
  }

  @Override
  public boolean create(
      Identity identity, Deposit.Pending deposit, TransactWriteItem record, Deadline deadline) {
    TransactWriteItem sameIdentity =
        TransactWriteItem.builder().conditionCheck(IdentityItem.same(identity, table)).build();
    TransactWriteItem put =
        TransactWriteItem.builder()
            .put(
                item ->
                    item.tableName(table)
                        .item(DepositItem.write(identity.id(), deposit))
                        .conditionExpression("attribute_not_exists(pk)"))
            .build();
    return transactions.write(List.of(sameIdentity, put, record), deadline).isEmpty();
  }

  @Override
  public void countWrongCode(AgentId id, Deposit.Pending deposit, Deadline deadline) {
    RemoteCalls.call(
        STORAGE,
        deadline,
        limits -> {
          try {
            return client.updateItem(
                update ->
                    update
                        .tableName(table)
                        .key(DepositItem.key(id, deposit.id()))
                        .updateExpression("SET wrongCodes = :next")
                        .conditionExpression(DepositItem.SAME)
                        .expressionAttributeValues(
                            Map.of(
                                ":next",
                                number(deposit.wrongCodes() + 1L),
                                ":seen",
                                number(deposit.wrongCodes())))
                        .overrideConfiguration(limits));
          } catch (ConditionalCheckFailedException e) {
            return e; // another try, or its end, came first
          }
        });
  }

  @Override
  public boolean withdraw(
      AgentId id, String depositId, TransactWriteItem record, Deadline deadline) {
    TransactWriteItem delete =
        TransactWriteItem.builder()
            .delete(
                item ->
                    item.tableName(table)
                        .key(DepositItem.key(id, depositId))
                        .conditionExpression("attribute_exists(pk)"))
            .build();
    return transactions.write(List.of(delete, record), deadline).isEmpty();
  }

  @Override
  public TransactWriteItem redemption(AgentId id, Deposit.Pending deposit) {
    return TransactWriteItem.builder()
        .update(
            update ->
                update
                    .tableName(table)
                    .key(DepositItem.key(id, deposit.id()))
                    .updateExpression(DepositItem.REDEEM)
                    .conditionExpression(DepositItem.SAME)
                    .expressionAttributeNames(DepositItem.REDEEM_NAMES)
                    .expressionAttributeValues(
                        Map.of(":yes", flag(true), ":seen", number(deposit.wrongCodes()))))
        .build();
  }
}
