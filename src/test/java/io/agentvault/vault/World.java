package io.agentvault.vault;

import io.agentvault.api.Json;
import io.agentvault.crypto.DataKeys;
import io.agentvault.crypto.Envelope;
import io.agentvault.crypto.FakeKeyService;
import io.agentvault.crypto.Randomness;
import io.agentvault.evidence.Counts;
import io.agentvault.evidence.Entry;
import io.agentvault.evidence.Evidence;
import io.agentvault.evidence.Log;
import io.agentvault.evidence.Recorder;
import io.agentvault.evidence.Wanted;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.Authentication;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.Caller.Operator;
import io.agentvault.identity.DynamoDbIdentityStore;
import io.agentvault.identity.DynamoDbRemains;
import io.agentvault.identity.Identities;
import io.agentvault.identity.IdentityItem;
import io.agentvault.identity.OperatorTokens;
import io.agentvault.identity.Recovery;
import io.agentvault.identity.Revocation;
import io.agentvault.identity.Scope;
import io.agentvault.identity.table.InMemoryTable;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Both planes put together as in production, on a table in memory, a key service that truly wraps,
 * a clock that only a test or a wait moves, and waits that take no time.
 */
public final class World {
  /** Longer than what a request can wait for, and the answer's margin. */
  public static final Duration INVOCATION = Duration.ofSeconds(29);

  public final MutableClock clock = new MutableClock();
  public final InMemoryTable table = new InMemoryTable();
  public final FakeKeyService keys;
  public final List<Duration> waits = new ArrayList<>();
  public final Randomness randomness = seeded(1);
  public final AtomicReference<Runnable> duringWait = new AtomicReference<>(() -> {});
  public final Backoff backoff = new Backoff(() -> 1.0, this::sleep);
  public final DynamoDbIdentityStore store =
      new DynamoDbIdentityStore(table, backoff, InMemoryTable.NAME);
  public final DynamoDbRemains remains = new DynamoDbRemains(table, backoff, InMemoryTable.NAME);
  public final Log log =
      new UniqueKeys(
          Log.onDynamoDb(table, backoff, InMemoryTable.LOG, Duration.ofDays(90), Json.MAPPER));
  public final Evidence evidence =
      new Evidence(log, Recorder.durable(log), new Counts(table, InMemoryTable.LOG));
  public final Identities identities;
  public final Revocation revocation =
      new Revocation(
          store,
          remains,
          evidence.recorder(),
          clock,
          Recovery.of(Duration.ofDays(35), ""),
          Optional.empty());
  public final Vaults vaults;
  public final OperatorDeposits operatorDeposits;
  public final Operator operator = OperatorTokens.trusted("acme");

  public World() {
    this(new FakeKeyService());
  }

  /** With the key service that wrapped what a test plants in the table. */
  World(FakeKeyService keys) {
    this.keys = keys;
    identities = new Identities(store, keys, evidence.recorder(), randomness, clock, backoff);
    vaults = vaults(new DataKeys(keys, clock, Duration.ofMinutes(5)));
    operatorDeposits =
        OperatorDeposits.onDynamoDb(
            table,
            InMemoryTable.NAME,
            backoff,
            evidence.recorder(),
            identities,
            Json.STORED,
            randomness,
            clock);
  }

  /** The data plane of one more instance, with a cache of its own. */
  public Vaults vaults(DataKeys dataKeys) {
    return vaults(dataKeys, new Quota(10_000, 64L << 20));
  }

  /** The same where a vault may hold so much. */
  Vaults vaults(DataKeys dataKeys, Quota quota) {
    return Vaults.onDynamoDb(
        table,
        InMemoryTable.NAME,
        evidence,
        backoff,
        dataKeys,
        Json.STORED,
        randomness,
        clock,
        quota);
  }

  /** Bytes that are the same in every run. */
  public static Randomness seeded(long seed) {
    Random random = new Random(seed);
    return count -> {
      byte[] bytes = new byte[count];
      random.nextBytes(bytes);
      return bytes;
    };
  }

  private void sleep(Duration duration) {
    waits.add(duration);
    clock.advance(duration);
    duringWait.getAndSet(() -> {}).run();
  }

  public Deadline deadline() {
    return Deadline.after(INVOCATION, clock);
  }

  /** A new agent of the operator that may do everything. */
  public AgentKey agent() {
    return agent(operator, EnumSet.allOf(Scope.class));
  }

  public AgentKey agent(Operator of, Set<Scope> scopes) {
    AgentKey key = identities.create(of, Optional.of("an agent"), scopes, deadline()).key();
    table.reset();
    return key;
  }

  public Vault vault() {
    return vaults.vault();
  }

  public OneTimeCodes codes() {
    return vaults.oneTimeCodes();
  }

  /** Some record of an identity, for a write that must come with one. */
  public TransactWriteItem record(AgentId id) {
    return evidence
        .recorder()
        .change(
            operator.acts("identity.create", id, deadline(), clock.instant()), Optional.empty());
  }

  /** The agent's records, newest first. */
  public List<Entry> records(AgentId id) {
    Optional<String> any = Optional.empty();
    Wanted all = new Wanted(any, any, any, any, any, Optional.empty(), Optional.empty());
    return log.page(id.text(), all, entry -> true, 1_000, any, deadline()).entries();
  }

  /** The items of an agent's partition. */
  public List<Map<String, AttributeValue>> partition(AgentId id) {
    return table.items().stream()
        .filter(item -> IdentityItem.partition(id).equals(item.get("pk")))
        .toList();
  }

  /** What is sealed of the agent's first credential, whatever of it may be read. */
  Content opened(AgentKey key) {
    return unlocked(key, Keyring.Unlocked::open);
  }

  /** With the agent's keyring and its first credential. */
  <T> T unlocked(AgentKey key, BiFunction<Keyring.Unlocked, StoredCredential, T> use) {
    DataKeys uncached = new DataKeys(keys, clock, Duration.ZERO);
    Agent agent =
        new Authentication(clock, uncached)
            .authenticate(key, store.find(key.claimedId(), deadline()), deadline());
    StoredCredential stored = CredentialItem.read(credentials(key.claimedId()).getFirst());
    return new Keyring(uncached, new Envelope(randomness), Json.STORED)
        .with(agent, deadline(), unlocked -> use.apply(unlocked, stored));
  }

  /** The credentials' items of an agent's partition. */
  public List<Map<String, AttributeValue>> credentials(AgentId id) {
    return partition(id).stream().filter(CredentialItem::isCredential).toList();
  }
}
