package io.agentvault.vault;

import static io.agentvault.remote.Attributes.text;

import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.IdentityItem;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.Reads;
import io.agentvault.remote.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Where access tokens live, on the vault's table. A write stands on the item as it was read, on the
 * credential being there, and on the identity: nothing is written after a revocation.
 */
final class AccessStore {
  private final Reads reads;
  private final Transactions transactions;
  private final String table;

  AccessStore(DynamoDbClient client, Backoff backoff, String table) {
    this.reads = new Reads(client, table);
    this.transactions = new Transactions(client, backoff);
    this.table = table;
  }

  /** The access of a credential, strongly consistent. */
  StoredAccess read(Agent agent, StoredCredential credential, Deadline deadline) {
    return reads
        .item(AccessItem.key(agent.identity().id(), credential.label()), deadline)
        .map(AccessItem::read)
        .orElseGet(() -> StoredAccess.none(credential.label(), credential.credentialId()))
        .of(credential.credentialId());
  }

  /**
   * Writes {@code next} over the revision before it, while the identity is there.
   *
   * @throws Unavailable when it is not known whether it was written
   */
  Outcome write(Agent agent, StoredAccess next, Deadline deadline) {
    ConditionCheck there =
        ConditionCheck.builder()
            .tableName(table)
            .key(IdentityItem.key(agent.identity().id()))
            .conditionExpression("attribute_exists(pk)")
            .build();
    return write(agent, there, next, List.of(), deadline);
  }

  /** As {@link #write}, with a record along, while the identity is the one that was read. */
  Outcome write(Agent agent, StoredAccess next, TransactWriteItem record, Deadline deadline) {
    return write(
        agent, IdentityItem.same(agent.identity(), table), next, List.of(record), deadline);
  }

  private Outcome write(
      Agent agent,
      ConditionCheck identity,
      StoredAccess next,
      List<TransactWriteItem> along,
      Deadline deadline) {
    ConditionCheck credential =
        ConditionCheck.builder()
            .tableName(table)
            .key(CredentialItem.key(agent.identity().id(), next.label()))
            .conditionExpression("id = :id")
            .expressionAttributeValues(Map.of(":id", text(next.credentialId())))
            .build();
    List<TransactWriteItem> all = new ArrayList<>();
    all.add(TransactWriteItem.builder().conditionCheck(identity).build());
    all.add(TransactWriteItem.builder().conditionCheck(credential).build());
    all.add(
        TransactWriteItem.builder()
            .put(AccessItem.write(agent.identity().id(), next).toBuilder().tableName(table).build())
            .build());
    all.addAll(along);
    Set<Integer> failed = transactions.write(all, deadline);
    if (failed.contains(0)) {
      return Outcome.IDENTITY_CHANGED;
    }
    if (failed.contains(1)) {
      return Outcome.CREDENTIAL_GONE;
    }
    return failed.isEmpty() ? Outcome.DONE : Outcome.OVERTAKEN;
  }

  /** How a write ended; only {@code DONE} wrote anything. */
  enum Outcome {
    DONE,
    /** Somebody else wrote since it was read. */
    OVERTAKEN,
    /** The identity is gone, or not the one that was read where that was asked. */
    IDENTITY_CHANGED,
    /** The credential is gone, or another one stands at its label. */
    CREDENTIAL_GONE
  }
}
