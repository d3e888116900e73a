package io.agentvault.vault;

import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;
import static io.agentvault.remote.Transactions.STORAGE;

import io.agentvault.identity.AgentId;
import io.agentvault.identity.Bearer;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.IdentityItem;
import io.agentvault.identity.Limits;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.RemoteCalls;
import io.agentvault.remote.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** {@link CredentialStore} on the vault's table. */
final class DynamoDbCredentialStore implements CredentialStore {
  private final DynamoDbClient client;
  private final Transactions transactions;
  private final Backoff backoff;
  private final String table;

  DynamoDbCredentialStore(DynamoDbClient client, Backoff backoff, String table) {
    this.client = client;
    this.transactions = new Transactions(client, backoff);
    this.backoff = backoff;
    this.table = table;
  }

  @Override
  public Loaded load(Bearer bearer, Deadline deadline) {
    Map<String, AttributeValue> item =
        RemoteCalls.call(
                STORAGE,
                deadline,
                limits ->
                    client.getItem(
                        get ->
                            get.tableName(table)
                                .key(IdentityItem.key(bearer.claimedId()))
                                .consistentRead(true)
                                .overrideConfiguration(limits)))
            .item();
    return new Loaded(
        item.isEmpty() ? Optional.empty() : Optional.of(IdentityItem.read(item)), Optional.empty());
  }

  @Override
  public Loaded load(Bearer bearer, Label label, Deadline deadline) {
    AgentId id = bearer.claimedId();
    List<Map<String, AttributeValue>> items =
        batchGet(List.of(IdentityItem.key(id), CredentialItem.key(id, label)), deadline);
    return new Loaded(
        items.stream()
            .filter(item -> !CredentialItem.isCredential(item))
            .findFirst()
            .map(IdentityItem::read),
        items.stream().filter(CredentialItem::isCredential).findFirst().map(CredentialItem::read));
  }

  private List<Map<String, AttributeValue>> batchGet(
      List<Map<String, AttributeValue>> keys, Deadline deadline) {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    Map<String, KeysAndAttributes> asked =
        Map.of(table, KeysAndAttributes.builder().keys(keys).consistentRead(true).build());
    for (int failures = 1; ; failures++) {
      Map<String, KeysAndAttributes> asking = asked;
      BatchGetItemResponse response =
          RemoteCalls.call(
              STORAGE,
              deadline,
              limits ->
                  client.batchGetItem(
                      get -> get.requestItems(asking).overrideConfiguration(limits)));
      items.addAll(response.responses().getOrDefault(table, List.of()));
      asked = response.unprocessedKeys();
      if (asked.isEmpty()) {
        return items;
      }
      // not answered is not absent
      if (!backoff.before(failures, deadline)) {
        throw new Unavailable(STORAGE, 1);
      }
    }
  }

  @Override
  public Page page(Agent agent, Optional<Label> after, int limit, Deadline deadline) {
    AgentId id = agent.identity().id();
    Limits within = agent.limits();
    String beginning = within.commonBeginning();
    // DynamoDB refuses to go on at a place that its condition doesn't cover
    Optional<Label> start = after.filter(label -> label.text().startsWith(beginning));
    if (start.isEmpty() && after.filter(each -> each.text().compareTo(beginning) > 0).isPresent()) {
      return new Page(List.of(), Optional.empty());
    }
    QueryRequest.Builder query =
        QueryRequest.builder()
            .tableName(table)
            .consistentRead(true)
            .keyConditionExpression("pk = :partition AND begins_with(sk, :credential)")
            .expressionAttributeValues(
                Map.of(
                    ":partition",
                    IdentityItem.partition(id),
                    ":credential",
                    text(CredentialItem.SORT_KEY_PREFIX + beginning)));
    if (within.coverEverything()) {
      query.limit(limit);
    }
    start.ifPresent(label -> query.exclusiveStartKey(CredentialItem.key(id, label)));
    QueryResponse response =
        RemoteCalls.call(
            STORAGE, deadline, limits -> client.query(query.overrideConfiguration(limits).build()));
    return new Page(
        response.items().stream()
            .map(CredentialItem::row)
            .filter(row -> within.covers(row.label().text()))
            .toList(),
        Optional.of(response.lastEvaluatedKey())
            .filter(key -> !key.isEmpty())
            .map(CredentialItem::label));
  }

  @Override
  public Outcome put(
      Agent agent,
      StoredCredential credential,
      Optional<StoredCredential> replaced,
      boolean keepsOtpState,
      List<TransactWriteItem> along,
      Deadline deadline) {
    TransactWriteItem write =
        TransactWriteItem.builder()
            .update(
                CredentialItem.write(agent.identity().id(), credential, replaced, keepsOtpState)
                    .tableName(table)
                    .build())
            .build();
    return commit(agent, write, along, deadline);
  }

  @Override
  public Outcome delete(Agent agent, StoredCredential credential, Deadline deadline) {
    TransactWriteItem delete =
        TransactWriteItem.builder()
            .delete(
                item ->
                    item.tableName(table)
                        .key(CredentialItem.key(agent.identity().id(), credential.label()))
                        .conditionExpression(CredentialItem.SAME)
                        .expressionAttributeValues(CredentialItem.sameAs(credential, Map.of())))
            .build();
    return commit(agent, delete, deadline);
  }

  @Override
  public Outcome claimStep(Agent agent, StoredCredential credential, long step, Deadline deadline) {
    return claim(
        agent,
        credential,
        "SET otpStep = :claimed",
        "attribute_not_exists(otpStep) OR otpStep < :claimed",
        Map.of(":claimed", number(step)),
        deadline);
  }

  @Override
  public Outcome claimCounter(
      Agent agent, StoredCredential credential, long counter, Deadline deadline) {
    return claim(
        agent,
        credential,
        "SET otpCounter = :next",
        "attribute_not_exists(otpCounter) OR otpCounter = :claimed",
        Map.of(":claimed", number(counter), ":next", number(counter + 1)),
        deadline);
  }

  private Outcome claim(
      Agent agent,
      StoredCredential credential,
      String update,
      String condition,
      Map<String, AttributeValue> values,
      Deadline deadline) {
    TransactWriteItem write =
        TransactWriteItem.builder()
            .update(
                item ->
                    item.tableName(table)
                        .key(CredentialItem.key(agent.identity().id(), credential.label()))
                        .updateExpression(update)
                        .conditionExpression(CredentialItem.SAME + " AND (" + condition + ")")
                        .expressionAttributeValues(CredentialItem.sameAs(credential, values)))
            .build();
    return commit(agent, write, deadline);
  }

  /** Writes only while the identity is the one that was read: no write follows a revocation. */
  private Outcome commit(Agent agent, TransactWriteItem write, Deadline deadline) {
    return commit(agent, write, List.of(), deadline);
  }

  private Outcome commit(
      Agent agent, TransactWriteItem write, List<TransactWriteItem> along, Deadline deadline) {
    TransactWriteItem sameIdentity =
        TransactWriteItem.builder()
            .conditionCheck(
                check ->
                    check
                        .tableName(table)
                        .key(IdentityItem.key(agent.identity().id()))
                        .conditionExpression("revision = :revision")
                        .expressionAttributeValues(
                            Map.of(":revision", number(agent.identity().revision()))))
            .build();
    List<TransactWriteItem> all = new ArrayList<>(List.of(sameIdentity, write));
    all.addAll(along);
    return transactions.write(all, deadline).isEmpty() ? Outcome.DONE : Outcome.CHANGED;
  }
}
