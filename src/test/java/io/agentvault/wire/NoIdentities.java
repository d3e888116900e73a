package io.agentvault.wire;

import io.agentvault.identity.AgentId;
import io.agentvault.identity.Identity;
import io.agentvault.identity.IdentityStore;
import io.agentvault.identity.KeyVerifier;
import io.agentvault.identity.Receipt;
import io.agentvault.identity.Remains;
import io.agentvault.identity.Sweep;
import io.agentvault.remote.Deadline;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** A store that forgets: new identities are taken in, and none is ever found. */
final class NoIdentities implements IdentityStore, Remains {
  @Override
  public void create(Identity identity, TransactWriteItem record, Deadline deadline) {}

  @Override
  public Optional<Identity> find(AgentId id, Deadline deadline) {
    return Optional.empty();
  }

  @Override
  public IdentityStore.Page list(
      String tenant, int limit, Optional<Position> after, Deadline deadline) {
    return new IdentityStore.Page(List.of(), Optional.empty());
  }

  @Override
  public boolean update(
      Identity expected, Identity changed, TransactWriteItem record, Deadline deadline) {
    return false;
  }

  @Override
  public boolean rotate(
      AgentId id,
      String tenant,
      KeyVerifier next,
      Optional<Instant> previousNotAfter,
      TransactWriteItem record,
      Deadline deadline) {
    return false;
  }

  @Override
  public boolean shred(Receipt receipt, Deadline deadline) {
    return false;
  }

  @Override
  public Optional<Receipt> receipt(AgentId id, Deadline deadline) {
    return Optional.empty();
  }

  @Override
  public Receipt advance(Receipt expected, Sweep next, Deadline deadline) {
    return expected;
  }

  @Override
  public Receipt sign(Receipt receipt, Receipt.Signature signature, Deadline deadline) {
    return receipt;
  }

  @Override
  public Receipt complete(Receipt receipt, Deadline deadline) {
    return receipt;
  }

  @Override
  public Remains.Page page(AgentId id, Deadline deadline) {
    return new Remains.Page(List.of(), true);
  }

  @Override
  public void delete(AgentId id, Remains.Page page, Deadline deadline) {}
}
