package io.agentvault.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.api.Json;
import io.agentvault.crypto.DataKeys;
import io.agentvault.evidence.Counts;
import io.agentvault.evidence.Entry;
import io.agentvault.evidence.Evidence;
import io.agentvault.evidence.Recorder;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.Scope;
import io.agentvault.identity.table.Faults;
import io.agentvault.identity.table.InMemoryTable;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Attributes;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.Origin;
import io.agentvault.vault.Precondition.None;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No answer without its record, and no record of a stranger. */
class RecordsTest {
  private static final Label LABEL = Label.parse("mail");
  private static final String SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  private final World world = new World();
  private final AgentKey key = world.agent();
  private final Map<String, Consumer<Vaults>> operations = operations();

  /** Every operation that touches a credential, by the action that is recorded. */
  private Map<String, Consumer<Vaults>> operations() {
    Map<String, Consumer<Vaults>> all = new LinkedHashMap<>();
    all.put("vault.list", on -> on.vault().list(key, 10, Optional.empty(), deadline()));
    all.put("vault.get", on -> on.vault().get(key, LABEL, deadline()));
    all.put("vault.totp", on -> on.oneTimeCodes().code(key, LABEL, wish(false), deadline()));
    all.put("vault.totp ", on -> on.oneTimeCodes().code(key, LABEL, wish(true), deadline()));
    all.put("vault.useBackupCode", on -> on.oneTimeCodes().useBackupCode(key, LABEL, deadline()));
    all.put("vault.listDeposits", on -> on.deposits().list(key, deadline()));
    all.put("vault.requestDeposit", on -> on.deposits().ask(key, wanted(), deadline()));
    all.put("vault.store", on -> on.vault().store(key, LABEL, content(), new None(), deadline()));
    all.put("vault.delete", on -> on.vault().delete(key, LABEL, new None(), deadline()));
    return all;
  }

  @BeforeEach
  void aCredential() {
    world.vault().store(key, LABEL, content(), new None(), deadline());
  }

  @Test
  void everyOperationLeavesOneRecordThatSaysWhoDidWhatAndHow() {
    operations.forEach(
        (action, operation) -> {
          int before = records().size();
          operation.accept(world.vaults);

          assertThat(records()).as(action).hasSize(before + 1);
          Entry record = records().getFirst();
          assertThat(record.action()).isEqualTo(action.strip());
          assertThat(record.status()).isEqualTo(Entry.Status.SUCCESS);
          assertThat(record.actor()).isEqualTo(AgentKey.prefix(key.claimedId()));
          assertThat(record.way()).isEqualTo("mcp");
          assertThat(record.requestId()).isEqualTo("r-1");
          boolean ofOne = !record.action().contains("list");
          assertThat(record.label().isPresent()).as(action).isEqualTo(ofOne);
        });
  }

  @Test
  void withoutItsRecordNothingIsAnsweredAndNothingChanges() {
    operations.forEach(
        (action, operation) -> {
          world.table.reset();
          operation.accept(world.vaults);
          int last = world.table.operations().size();
          aCredential();
          var before = world.table.items();
          world.table.reset();
          world.table.fail(last, Faults.timeout());

          assertThatThrownBy(() -> operation.accept(world.vaults))
              .as(action)
              .isInstanceOf(Unavailable.class);
          assertThat(world.table.isPlayedOut()).as(action).isTrue();
          assertThat(world.table.items()).as(action).isEqualTo(before);
        });
  }

  @Test
  void aProvenCallersDenialsAndFailuresAreOnRecordAndAStrangersAreNot() {
    AgentKey poor = world.agent(world.operator, EnumSet.of(Scope.VAULT_TOTP));
    assertThatThrownBy(() -> world.vault().get(poor, LABEL, deadline()))
        .isInstanceOf(Forbidden.class);
    assertThat(world.records(poor.claimedId()).getFirst())
        .satisfies(
            denied -> {
              assertThat(denied.status()).isEqualTo(Entry.Status.DENIED);
              assertThat(denied.severity()).isEqualTo("WARNING");
              assertThat(denied.problem()).contains("forbidden");
              assertThat(denied.label()).contains("mail");
            });

    assertThatThrownBy(() -> world.vault().usable(key, LABEL, deadline()))
        .isInstanceOf(Forbidden.class);
    assertThat(records().getFirst().action()).isEqualTo("vault.use");
    assertThat(records().getFirst().status()).isEqualTo(Entry.Status.DENIED);

    Label none = Label.parse("none");
    assertThatThrownBy(() -> world.vault().get(key, none, deadline())).isInstanceOf(NotFound.class);
    assertThat(records().getFirst().status()).isEqualTo(Entry.Status.ERROR);

    List<Entry> before = records();
    world.identities.rotateKey(world.operator, key.claimedId(), Duration.ZERO, deadline());
    assertThatThrownBy(() -> world.vault().get(key, LABEL, deadline()))
        .isInstanceOf(Unauthorized.class);
    assertThat(records()).hasSize(before.size() + 1);
    assertThat(records().getFirst().action()).isEqualTo("identity.rotateKey");
    assertThat(records().getFirst().category()).isEqualTo("auth");
  }

  @Test
  void whatOperatorsDoToAnIdentityIsInItsLog() {
    world.operatorDeposits.ask(world.operator, key.claimedId(), wanted(), deadline());

    assertThat(records().getFirst().action()).isEqualTo("identity.requestDeposit");
    assertThat(records().getFirst().label()).contains("other");
    assertThat(records().getFirst().actor()).isEqualTo("direct invocation");
    assertThat(records().getLast().action()).isEqualTo("identity.create");
  }

  @Test
  void readsAreLinesWhereTheDeploymentSaysSoAndChangesAreNever() {
    List<Entry> lines = new ArrayList<>();
    Vaults vaults = vaults(Recorder.withReadsAsLines(world.log, lines::add));
    int before = records().size();
    vaults.vault().get(key, LABEL, deadline());
    vaults.vault().list(key, 10, Optional.empty(), deadline());
    assertThatThrownBy(() -> vaults.vault().get(key, Label.parse("none"), deadline()))
        .isInstanceOf(NotFound.class);

    assertThat(records()).hasSize(before);
    assertThat(lines).hasSize(3);
    assertThatThrownBy(() -> vaults.vault().usable(key, LABEL, deadline()))
        .isInstanceOf(Forbidden.class);
    vaults.oneTimeCodes().code(key, LABEL, wish(true), deadline());
    vaults.vault().delete(key, LABEL, new None(), deadline());
    assertThat(records()).hasSize(before + 3);
    assertThat(lines).hasSize(3);
  }

  @Test
  void whatWasCountedIsShownAndAnotherCredentialCountsFromZero() {
    String id = world.vault().get(key, LABEL, deadline()).credentialId();
    count(id, 7);
    Instant counted = world.clock.instant();
    assertThat(world.vault().get(key, LABEL, deadline()).usageCount()).isEqualTo(7);
    Listed listed =
        world.vault().list(key, 10, Optional.empty(), deadline()).credentials().getFirst();
    assertThat(((Credential) listed).usageCount()).isEqualTo(7);
    assertThat(((Credential) listed).lastUsedAt()).contains(counted);
    world.vault().delete(key, LABEL, new None(), deadline());
    world.vault().store(key, LABEL, content(), new None(), deadline());
    assertThat(world.vault().get(key, LABEL, deadline()).usageCount()).isZero();
    assertThat(world.vault().get(key, LABEL, deadline()).lastUsedAt()).isEmpty();
  }

  private void count(String credentialId, long count) {
    world.table.plantRecord(
        Map.of(
            "pk",
            Attributes.text("USES#" + key.claimedId()),
            "sk",
            Attributes.text(LABEL.text()),
            "credentialId",
            Attributes.text(credentialId),
            "count",
            Attributes.number(count),
            "errors",
            Attributes.number(0),
            "lastUsedAt",
            Attributes.text(world.clock.instant().toString())));
  }

  private Vaults vaults(Recorder recorder) {
    return Vaults.onDynamoDb(
        world.table,
        InMemoryTable.NAME,
        new Evidence(world.log, recorder, new Counts(world.table, InMemoryTable.LOG)),
        world.backoff,
        new DataKeys(world.keys, world.clock, Duration.ofMinutes(5)),
        Json.STORED,
        world.randomness,
        world.clock,
        new Quota(10_000, 64L << 20));
  }

  private List<Entry> records() {
    return world.records(key.claimedId());
  }

  private Deadline deadline() {
    world.clock.advance(Duration.ofSeconds(30));
    return world.deadline().of(new Origin("r-1", Origin.Way.MCP));
  }

  private static OneTimeCodes.Wish wish(boolean unique) {
    return new OneTimeCodes.Wish(0, false, unique, true);
  }

  private static Deposits.Wish wanted() {
    return new Deposits.Wish(
        Label.parse("other"),
        Optional.of(CredentialType.TOTP),
        Optional.empty(),
        Optional.empty(),
        false,
        Duration.ofMinutes(15));
  }

  private static Content content() {
    return Contents.custom(
        "{'totp':{'secret':'" + SEED + "','backupCodes':['one','two','three','four']}}");
  }
}
