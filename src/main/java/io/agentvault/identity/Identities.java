package io.agentvault.identity;

import io.agentvault.crypto.DataKeyMinter;
import io.agentvault.crypto.KeyContext;
import io.agentvault.crypto.Randomness;
import io.agentvault.evidence.Act;
import io.agentvault.evidence.Recorder;
import io.agentvault.identity.Caller.Operator;
import io.agentvault.problem.Conflict;
import io.agentvault.problem.NotFound;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * What an operator does with identities, short of revoking them. Another tenant's identity is
 * {@link NotFound}, like one that never was.
 */
public final class Identities {
  /** The longest grace of a rotation, in seconds: one day. */
  public static final int MAXIMUM_GRACE_SECONDS = 86_400;

  private final IdentityStore store;
  private final DataKeyMinter minter;
  private final Recorder recorder;
  private final Randomness randomness;
  private final Clock clock;
  private final Backoff backoff;

  public Identities(
      IdentityStore store,
      DataKeyMinter minter,
      Recorder recorder,
      Randomness randomness,
      Clock clock,
      Backoff backoff) {
    this.store = store;
    this.minter = minter;
    this.recorder = recorder;
    this.randomness = randomness;
    this.clock = clock;
    this.backoff = backoff;
  }

  /** A new identity with a key and a data key of its own; the key is shown only here. */
  public Created create(
      Operator operator, Optional<String> name, Set<Scope> scopes, Deadline deadline) {
    return create(operator, name, scopes, List.of(), deadline);
  }

  /**
   * As {@link #create(Operator, Optional, Set, Deadline)}, with those who may hand in what a
   * deposit asks for.
   */
  public Created create(
      Operator operator,
      Optional<String> name,
      Set<Scope> scopes,
      List<String> depositors,
      Deadline deadline) {
    Instant begun = clock.instant();
    AgentId id = AgentId.random(randomness);
    AgentKey key = AgentKey.mint(id, randomness);
    byte[] wrapped = minter.mint(new KeyContext(operator.tenant(), id.text()), deadline);
    Identity identity =
        new Identity(
            id,
            operator.tenant(),
            name,
            scopes,
            KeyVerifier.of(key),
            Optional.empty(),
            new WrappedDataKey(wrapped),
            depositors,
            now(),
            1);
    store.create(identity, record(operator.acts("identity.create", id, deadline, begun)), deadline);
    return new Created(identity, key);
  }

  /** The operator's identity of that id. */
  public Identity get(Operator operator, AgentId id, Deadline deadline) {
    return store
        .find(id, deadline)
        .filter(identity -> identity.tenant().equals(operator.tenant()))
        .orElseThrow(() -> new NotFound("identity"));
  }

  /** A page of the operator's identities. */
  public IdentityStore.Page list(
      Operator operator, int limit, Optional<IdentityStore.Position> after, Deadline deadline) {
    return store.list(operator.tenant(), limit, after, deadline);
  }

  /**
   * Changes name, scopes and depositors.
   *
   * @param change what is to change
   */
  public Identity update(Operator operator, AgentId id, Change change, Deadline deadline) {
    Instant begun = clock.instant();
    for (int failures = 1; ; failures++) {
      Identity identity = get(operator, id, deadline);
      Identity changed = change.applyTo(identity);
      TransactWriteItem record = record(operator.acts("identity.update", id, deadline, begun));
      if (store.update(identity, changed, record, deadline)) {
        return changed;
      }
      if (!backoff.before(failures, deadline)) {
        throw new Conflict("the identity is being changed by another operator");
      }
    }
  }

  /**
   * A new key for the identity. The one before it ends at once, or after {@code grace}; one that an
   * earlier rotation left in its grace ends now.
   *
   * @param grace zero to {@link #MAXIMUM_GRACE_SECONDS}
   */
  public Rotated rotateKey(Operator operator, AgentId id, Duration grace, Deadline deadline) {
    Act act = operator.acts("identity.rotateKey", id, deadline, clock.instant());
    AgentKey key = AgentKey.mint(id, randomness);
    Optional<Instant> previousUntil =
        grace.isZero() ? Optional.empty() : Optional.of(now().plus(grace));
    if (!store.rotate(
        id, operator.tenant(), KeyVerifier.of(key), previousUntil, record(act), deadline)) {
      throw new NotFound("identity");
    }
    return new Rotated(key, previousUntil);
  }

  /**
   * Whose records the operator may see: those of an identity of its tenant, revoked ones included.
   *
   * @throws NotFound when the tenant has and had no such identity
   */
  public void requireKnown(Operator operator, AgentId id, Deadline deadline) {
    Optional<String> tenant =
        store
            .find(id, deadline)
            .map(Identity::tenant)
            .or(() -> store.receipt(id, deadline).map(Receipt::tenant));
    if (!tenant.equals(Optional.of(operator.tenant()))) {
      throw new NotFound("identity");
    }
  }

  private TransactWriteItem record(Act act) {
    return recorder.change(act, Optional.empty());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * A new identity.
   *
   * @param identity as stored
   * @param key its key, nowhere else to be had
   */
  public record Created(Identity identity, AgentKey key) {}

  /**
   * A rotated key.
   *
   * @param key the new key, nowhere else to be had
   * @param previousUntil until when the key before it works; empty when it does not
   */
  public record Rotated(AgentKey key, Optional<Instant> previousUntil) {}

  /**
   * A change of an identity.
   *
   * @param name the new name; the outer empty leaves it, the inner empty removes it
   * @param add scopes to grant
   * @param remove scopes to take away; wins over {@code add}
   * @param depositors who may hand in what a deposit asks for; empty leaves them
   */
  public record Change(
      Optional<Optional<String>> name,
      Set<Scope> add,
      Set<Scope> remove,
      Optional<List<String>> depositors) {
    /** Of name and scopes alone. */
    public Change(Optional<Optional<String>> name, Set<Scope> add, Set<Scope> remove) {
      this(name, add, remove, Optional.empty());
    }

    Identity applyTo(Identity identity) {
      Set<Scope> scopes = EnumSet.noneOf(Scope.class);
      scopes.addAll(identity.scopes());
      scopes.addAll(add);
      scopes.removeAll(remove);
      return identity.with(
          name.orElse(identity.name()), scopes, depositors.orElse(identity.depositors()));
    }
  }
}
