package io.agentvault.vault;

import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;
import static io.agentvault.remote.Transactions.STORAGE;

import io.agentvault.identity.AgentId;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.IdentityItem;
import io.agentvault.identity.UsageItem;
import io.agentvault.problem.QuotaExceeded;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Attributes;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.Reads;
import io.agentvault.remote.Transactions;
import io.agentvault.vault.Quota.Amount;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Keeps count of what is in each vault, in the transactions that change it. DynamoDB's time to live
 * takes credentials away without us, so a count is never too low and may be too high: what it
 * refuses is counted anew first.
 *
 * <p>No two transactions that conflict on the count would not on the identity as well, which every
 * one of them checks.
 */
final class Usage {
  private final Reads reads;
  private final Transactions transactions;
  private final Backoff backoff;
  private final String table;
  private final Quota quota;
  private final Clock clock;

  Usage(DynamoDbClient client, Backoff backoff, String table, Quota quota, Clock clock) {
    this.reads = new Reads(client, table);
    this.transactions = new Transactions(client, backoff);
    this.backoff = backoff;
    this.table = table;
    this.quota = quota;
    this.clock = clock;
  }

  /**
   * What goes into the transaction that adds so much: the first that the count lets through; none
   * when it stays as it is. What is over the quota gets through none.
   */
  List<TransactWriteItem> moves(AgentId id, Amount added, boolean limited) {
    if (added.isNothing()) {
      return List.of();
    }
    boolean mayBeRefused = limited && (added.credentials() > 0 || added.bytes() > 0);
    return mayBeRefused
        ? List.of(move(id, added, true))
        : List.of(move(id, added, false), notCountedYet(id));
  }

  private TransactWriteItem move(AgentId id, Amount added, boolean limited) {
    StringBuilder condition = new StringBuilder("attribute_exists(pk)");
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":credentials", number(added.credentials()));
    values.put(":bytes", number(added.bytes()));
    values.put(":one", number(1));
    if (limited && added.credentials() > 0) {
      condition.append(" AND credentialCount < :credentialsEnd");
      values.put(":credentialsEnd", number(quota.credentials() - added.credentials() + 1));
    }
    if (limited && added.bytes() > 0) {
      condition.append(" AND sealedBytes < :bytesEnd");
      values.put(":bytesEnd", number(quota.bytes() - added.bytes() + 1));
    }
    return TransactWriteItem.builder()
        .update(
            update ->
                update
                    .tableName(table)
                    .key(UsageItem.key(id))
                    .updateExpression(
                        "SET credentialCount = credentialCount + :credentials,"
                            + " sealedBytes = sealedBytes + :bytes, moves = moves + :one")
                    .conditionExpression(condition.toString())
                    .expressionAttributeValues(values))
        .build();
  }

  private TransactWriteItem notCountedYet(AgentId id) {
    return TransactWriteItem.builder()
        .conditionCheck(
            check ->
                check
                    .tableName(table)
                    .key(UsageItem.key(id))
                    .conditionExpression("attribute_not_exists(pk)"))
        .build();
  }

  /**
   * Counts a vault anew that would not take so much more.
   *
   * @param sameIdentity the check without which nothing is written into a vault
   * @throws QuotaExceeded when it really does not
   */
  void recount(Agent agent, Amount added, TransactWriteItem sameIdentity, Deadline deadline) {
    AgentId id = agent.identity().id();
    for (int failures = 1; ; failures++) {
      Optional<Counted> before = read(id, deadline);
      before.ifPresent(counted -> refuseByGoodCount(counted, added));
      Counting now = count(id, added, deadline);
      Set<Integer> failed =
          now.complete() || before.isPresent()
              ? transactions.write(List.of(sameIdentity, counted(id, before, now)), deadline)
              : Set.of();
      if (failed.contains(0)) {
        return; // who it is will be looked at again
      }
      if (failed.isEmpty() && !quota.admits(now.held(), added)) {
        throw quota.exceeded(now.held(), added);
      }
      if (failed.isEmpty()) {
        return;
      }
      if (!backoff.before(failures, deadline)) { // something was stored or deleted meanwhile
        throw new Unavailable(STORAGE, 1);
      }
    }
  }

  private void refuseByGoodCount(Counted counted, Amount added) {
    boolean good =
        counted
            .at()
            .filter(at -> clock.instant().isBefore(quota.goodUntil(at, counted.held())))
            .isPresent();
    if (good && !quota.admits(counted.held(), added)) {
      throw quota.exceeded(counted.held(), added);
    }
  }

  private Optional<Counted> read(AgentId id, Deadline deadline) {
    return reads.item(UsageItem.key(id), deadline).map(Attributes::of).map(Counted::of);
  }

  /** Reads the vault until its end, or until it takes no more whatever follows. */
  private Counting count(AgentId id, Amount added, Deadline deadline) {
    Amount held = Amount.NOTHING;
    Map<String, AttributeValue> from = Map.of();
    do {
      QueryRequest.Builder query =
          QueryRequest.builder()
              .consistentRead(true)
              .keyConditionExpression("pk = :partition AND begins_with(sk, :credential)")
              .expressionAttributeValues(
                  Map.of(
                      ":partition",
                      IdentityItem.partition(id),
                      ":credential",
                      text(CredentialItem.SORT_KEY_PREFIX)))
              .projectionExpression("sk, sealed, sealedMetadata");
      if (!from.isEmpty()) {
        query.exclusiveStartKey(from);
      }
      QueryResponse page = reads.page(query, deadline);
      for (Map<String, AttributeValue> item : page.items()) {
        held = held.plus(new Amount(1, CredentialItem.sealedBytes(item)));
      }
      from = page.lastEvaluatedKey();
    } while (!from.isEmpty() && quota.admits(held, added));
    return new Counting(held, from.isEmpty());
  }

  /** What was counted, if nothing moved since; of what was not counted to its end, only when. */
  private TransactWriteItem counted(AgentId id, Optional<Counted> before, Counting now) {
    List<String> set = new ArrayList<>(List.of("countedAt = :now"));
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":now", number(clock.millis()));
    if (now.complete()) {
      set.add("credentialCount = :credentials, sealedBytes = :bytes");
      values.put(":credentials", number(now.held().credentials()));
      values.put(":bytes", number(now.held().bytes()));
    }
    if (before.isPresent()) {
      values.put(":moves", number(before.get().moves()));
    } else {
      set.add("moves = :zero");
      values.put(":zero", number(0));
    }
    return TransactWriteItem.builder()
        .update(
            update ->
                update
                    .tableName(table)
                    .key(UsageItem.key(id))
                    .updateExpression("SET " + String.join(", ", set))
                    .conditionExpression(
                        before.isPresent() ? "moves = :moves" : "attribute_not_exists(pk)")
                    .expressionAttributeValues(values))
        .build();
  }

  /**
   * What was read of a vault.
   *
   * @param complete whether all of it was
   */
  private record Counting(Amount held, boolean complete) {}

  /** What the item says. */
  private record Counted(Amount held, long moves, Optional<Instant> at) {
    static Counted of(Attributes item) {
      return new Counted(
          new Amount(
              item.number(UsageItem.CREDENTIALS, "usage"), item.number(UsageItem.BYTES, "usage")),
          item.number(UsageItem.MOVES, "usage"),
          item.optionalNumber(UsageItem.COUNTED_AT).map(Instant::ofEpochMilli));
    }
  }
}
