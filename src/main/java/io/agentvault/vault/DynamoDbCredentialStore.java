package io.agentvault.vault;

import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;

import io.agentvault.evidence.Counts;
import io.agentvault.evidence.Uses;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.Bearer;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.IdentityItem;
import io.agentvault.identity.Limits;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.BatchReads;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.Reads;
import io.agentvault.remote.Transactions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** {@link CredentialStore} on the vault's table. */
final class DynamoDbCredentialStore implements CredentialStore {
  private final Reads reads;
  private final Transactions transactions;
  private final BatchReads batches;
  private final String table;
  private final Counts counts;
  private final Usage usage;

  DynamoDbCredentialStore(
      DynamoDbClient client, Backoff backoff, String table, Counts counts, Usage usage) {
    this.counts = counts;
    this.usage = usage;
    this.reads = new Reads(client, table);
    this.transactions = new Transactions(client, backoff);
    this.batches = new BatchReads(client, backoff);
    this.table = table;
  }

  @Override
  public Loaded load(Bearer bearer, Deadline deadline) {
    return new Loaded(
        reads.item(IdentityItem.key(bearer.claimedId()), deadline).map(IdentityItem::read),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  @Override
  public Loaded load(Bearer bearer, Label label, boolean withAccess, Deadline deadline) {
    AgentId id = bearer.claimedId();
    List<Map<String, AttributeValue>> keys =
        new ArrayList<>(List.of(IdentityItem.key(id), CredentialItem.key(id, label)));
    if (withAccess) {
      keys.add(AccessItem.key(id, label));
    }
    return loaded(keys, counts.asking(id.text(), Set.of(label.text())), deadline);
  }

  @Override
  public Loaded load(Bearer bearer, Set<String> uses, Deadline deadline) {
    AgentId id = bearer.claimedId();
    return loaded(List.of(IdentityItem.key(id)), counts.asking(id.text(), uses), deadline);
  }

  private Loaded loaded(
      List<Map<String, AttributeValue>> keys,
      Map<String, KeysAndAttributes> uses,
      Deadline deadline) {
    Map<String, KeysAndAttributes> asked = new HashMap<>(uses);
    asked.put(table, KeysAndAttributes.builder().keys(keys).consistentRead(true).build());
    Map<String, List<Map<String, AttributeValue>>> answered = batches.read(asked, deadline);
    List<Map<String, AttributeValue>> items = answered.getOrDefault(table, List.of());
    return new Loaded(
        items.stream()
            .filter(item -> !CredentialItem.isCredential(item) && !AccessItem.isAccess(item))
            .findFirst()
            .map(IdentityItem::read),
        items.stream().filter(CredentialItem::isCredential).findFirst().map(CredentialItem::read),
        items.stream().filter(AccessItem::isAccess).findFirst().map(AccessItem::read),
        counts.answered(answered));
  }

  @Override
  public Map<String, Uses> uses(Agent agent, Label first, Label last, Deadline deadline) {
    return counts.between(agent.identity().id().text(), first.text(), last.text(), deadline);
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
            .consistentRead(true)
            .projectionExpression(CredentialItem.LISTED)
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
    QueryResponse response = reads.page(query, deadline);
    List<Map<String, AttributeValue>> covered =
        response.items().stream()
            .filter(item -> within.covers(CredentialItem.label(item).text()))
            .toList();
    return new Page(
        whole(id, covered, deadline).stream().map(CredentialItem::row).toList(),
        Optional.of(response.lastEvaluatedKey())
            .filter(key -> !key.isEmpty())
            .map(CredentialItem::label));
  }

  /**
   * The items of a page with all that a listing needs: what has no metadata of its own, as the
   * release before stored it, is read with its data. What is deleted meanwhile is not listed.
   */
  private List<Map<String, AttributeValue>> whole(
      AgentId id, List<Map<String, AttributeValue>> page, Deadline deadline) {
    List<Map<String, AttributeValue>> keys =
        page.stream()
            .filter(item -> !CredentialItem.hasMetadata(item))
            .map(item -> CredentialItem.key(id, CredentialItem.label(item)))
            .toList();
    if (keys.isEmpty()) {
      return page;
    }
    Map<AttributeValue, Map<String, AttributeValue>> found = new HashMap<>();
    batches.read(table, keys, deadline).forEach(item -> found.put(item.get("sk"), item));
    return page.stream()
        .map(item -> CredentialItem.hasMetadata(item) ? item : found.get(item.get("sk")))
        .filter(Objects::nonNull)
        .toList();
  }

  @Override
  public Outcome put(
      Agent agent,
      StoredCredential credential,
      Optional<StoredCredential> replaced,
      boolean keepsOtpState,
      List<TransactWriteItem> along,
      Deadline deadline) {
    TransactWriteItem write = write(agent, credential, replaced, keepsOtpState);
    return commit(
        agent, with(write, along), Quota.Amount.added(credential, replaced), true, deadline);
  }

  @Override
  public Outcome rewrite(
      Agent agent,
      StoredCredential credential,
      StoredCredential replaced,
      List<TransactWriteItem> along,
      Deadline deadline) {
    return commit(
        agent,
        with(write(agent, credential, Optional.of(replaced), true), along),
        Quota.Amount.added(credential, Optional.of(replaced)),
        false,
        deadline);
  }

  private static List<TransactWriteItem> with(
      TransactWriteItem write, List<TransactWriteItem> along) {
    List<TransactWriteItem> all = new ArrayList<>(List.of(write));
    all.addAll(along);
    return all;
  }

  private TransactWriteItem write(
      Agent agent,
      StoredCredential credential,
      Optional<StoredCredential> replaced,
      boolean keepsOtpState) {
    return TransactWriteItem.builder()
        .update(
            CredentialItem.write(agent.identity().id(), credential, replaced, keepsOtpState)
                .tableName(table)
                .build())
        .build();
  }

  @Override
  public Outcome delete(
      Agent agent, StoredCredential credential, List<TransactWriteItem> along, Deadline deadline) {
    TransactWriteItem delete =
        TransactWriteItem.builder()
            .delete(
                item ->
                    item.tableName(table)
                        .key(CredentialItem.key(agent.identity().id(), credential.label()))
                        .conditionExpression(CredentialItem.SAME)
                        .expressionAttributeValues(CredentialItem.sameAs(credential, Map.of())))
            .build();
    return commit(agent, with(delete, along), Quota.Amount.without(credential), false, deadline);
  }

  @Override
  public TransactWriteItem removal(Agent agent, StoredAccess old, Instant now) {
    if (old.handedOutUntil().filter(until -> until.isAfter(now)).isPresent()) {
      return TransactWriteItem.builder()
          .update(AccessItem.husk(agent.identity().id(), old).tableName(table).build())
          .build();
    }
    return TransactWriteItem.builder()
        .delete(
            delete ->
                delete
                    .tableName(table)
                    .key(AccessItem.key(agent.identity().id(), old.label()))
                    .conditionExpression("revision = :before")
                    .expressionAttributeValues(Map.of(":before", number(old.revision()))))
        .build();
  }

  @Override
  public Outcome claimStep(
      Agent agent,
      StoredCredential credential,
      long step,
      List<TransactWriteItem> along,
      Deadline deadline) {
    return claim(
        agent,
        credential,
        "SET otpStep = :claimed",
        "attribute_not_exists(otpStep) OR otpStep < :claimed",
        Map.of(":claimed", number(step)),
        along,
        deadline);
  }

  @Override
  public Outcome claimCounter(
      Agent agent,
      StoredCredential credential,
      long counter,
      List<TransactWriteItem> along,
      Deadline deadline) {
    return claim(
        agent,
        credential,
        "SET otpCounter = :next",
        "attribute_not_exists(otpCounter) OR otpCounter = :claimed",
        Map.of(":claimed", number(counter), ":next", number(counter + 1)),
        along,
        deadline);
  }

  private Outcome claim(
      Agent agent,
      StoredCredential credential,
      String update,
      String condition,
      Map<String, AttributeValue> values,
      List<TransactWriteItem> along,
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
    return commit(agent, with(write, along), Quota.Amount.NOTHING, false, deadline);
  }

  /**
   * Writes only while the identity is the one that was read: no write follows a revocation.
   *
   * @param added what it adds to the vault
   * @param limited whether the quota may refuse it
   */
  private Outcome commit(
      Agent agent,
      List<TransactWriteItem> writes,
      Quota.Amount added,
      boolean limited,
      Deadline deadline) {
    TransactWriteItem sameIdentity =
        TransactWriteItem.builder()
            .conditionCheck(IdentityItem.same(agent.identity(), table))
            .build();
    List<TransactWriteItem> all = new ArrayList<>();
    all.add(sameIdentity);
    all.addAll(writes);
    List<TransactWriteItem> moves = usage.moves(agent.identity().id(), added, limited);
    if (moves.isEmpty()) {
      return outcome(transactions.write(all, deadline));
    }
    int last = all.size();
    for (TransactWriteItem move : moves) {
      List<TransactWriteItem> counted = new ArrayList<>(all);
      counted.add(move);
      Set<Integer> failed = transactions.write(counted, deadline);
      if (!failed.equals(Set.of(last))) {
        return outcome(failed);
      }
    }
    if (limited) {
      usage.recount(agent, added, sameIdentity, deadline);
    }
    return Outcome.CHANGED;
  }

  private static Outcome outcome(Set<Integer> failed) {
    return failed.isEmpty() ? Outcome.DONE : Outcome.CHANGED;
  }
}
