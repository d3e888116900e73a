package io.agentvault.evidence;

import static io.agentvault.evidence.Records.JSON;
import static io.agentvault.evidence.Records.RETENTION;
import static io.agentvault.remote.Attributes.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.crypto.FakeSigner;
import io.agentvault.evidence.Change.Kind;
import io.agentvault.evidence.Finding.What;
import io.agentvault.identity.table.InMemoryTable;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** Whoever damages a chain, and whatever changes around it, holds nobody up and is told of. */
class ScribeUnderTroubleTest {
  private static final String AGENT = "agent0";

  private final MutableClock clock = new MutableClock();
  private final InMemoryTable table = new InMemoryTable();
  private final FakeSigner signer = new FakeSigner();
  private final Deadline deadline = Deadline.after(Duration.ofDays(10_000), clock);
  private final Backoff backoff = new Backoff(() -> 0, duration -> {});
  private final Proofs proofs =
      new DynamoDbProofs(table, backoff, InMemoryTable.LOG, RETENTION, JSON);
  private final Scribe scribe = scribe(RETENTION);
  private int made;

  private Scribe scribe(Duration retention) {
    return Scribe.onDynamoDb(table, backoff, InMemoryTable.LOG, signer, retention, JSON, clock);
  }

  @ParameterizedTest
  @ValueSource(strings = {"head", "at", "kept", "leafIndex"})
  void aCheckpointThatCantBeReadIsPassedOverAndSaid(String attribute) {
    scribe.take(List.of(record(AGENT)), deadline);
    scribe.take(List.of(record(AGENT)), deadline);
    damage(2, Map.of(attribute, text("{")));

    Scribe.Taken taken = scribe.take(List.of(record(AGENT), record("agent1")), deadline);

    assertThat(taken.again()).isEmpty();
    assertThat(taken.findings())
        .containsExactly(Finding.unreadable(AGENT, CheckpointItem.sortKey(2)));
    List<Proofs.Kept> chain = chain();
    assertThat(chain).extracting(Proofs.Kept::number).containsExactly(1L, 2L, 3L);
    Head last = chain.getLast().checkpoint().orElseThrow().head();
    assertThat(last.hash().records()).isEqualTo(2);
    assertThat(last.text())
        .contains(
            "\"previous\":\""
                + Hash.of(chain.getFirst().checkpoint().orElseThrow().head().text())
                + "\"");
    assertThat(scribe.take(List.of(record(AGENT)), deadline).findings()).isEmpty();
  }

  @Test
  void aCheckpointInAnothersPlaceIsPassedOverAndSaid() {
    scribe.take(List.of(record(AGENT), record("agent1")), deadline);
    scribe.take(List.of(record(AGENT), record("agent1")), deadline);
    damage(2, item(key("agent1", 2)));
    assertThat(scribe.take(List.of(record(AGENT)), deadline).findings())
        .containsExactly(Finding.unreadable(AGENT, CheckpointItem.sortKey(2)));

    damage(3, item(key(AGENT, 1)));
    assertThat(scribe.take(List.of(record(AGENT)), deadline).findings())
        .containsExactly(
            Finding.unreadable(AGENT, CheckpointItem.sortKey(3)),
            Finding.unreadable(AGENT, CheckpointItem.sortKey(2)));
    assertThat(chain())
        .extracting(kept -> kept.checkpoint().isPresent())
        .containsExactly(true, false, false, true);
  }

  /** As they were before the greatest of all keys was written with them. */
  @Test
  void whatADeliveredAgainRecordIsComparedWithIsFoundInACheckpointWithoutIt() {
    Change first = record(AGENT);
    scribe.take(List.of(first), deadline);
    scribe.take(List.of(record(AGENT), record(AGENT)), deadline);
    Map<String, AttributeValue> second = new HashMap<>(item(key(AGENT, 2)));
    second.remove("greatest");
    table.plant(second);

    assertThat(scribe.take(List.of(first), deadline).again()).isEmpty();
    assertThat(chain()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "9zz", "999999999999", "00000000000x"})
  void whatStandsInAPlaceOfNoCheckpointEndsNoChain(String place) {
    scribe.take(List.of(record(AGENT)), deadline);
    Map<String, AttributeValue> forged =
        Map.of("pk", text(CheckpointItem.PARTITION_PREFIX + AGENT), "sk", text(place));
    table.plant(forged);

    for (int i = 0; i < 3; i++) {
      Scribe.Taken taken = scribe.take(List.of(record(AGENT)), deadline);
      assertThat(taken.again()).isEmpty();
      assertThat(taken.findings())
          .as("said once, though it is read each time")
          .isEqualTo(i == 0 ? List.of(Finding.unreadable(AGENT, place)) : List.of());
    }
    assertThat(new Checkpoints(proofs).last(AGENT, deadline).orElseThrow().hash().records())
        .isEqualTo(4);
  }

  @Test
  void takingTheLastCheckpointAwayIsSaidInTheNext() {
    scribe.take(List.of(record(AGENT)), deadline);
    scribe.take(List.of(record(AGENT)), deadline);
    table.takeAway(key(2));
    Change removed =
        new Change(
            CheckpointItem.PARTITION_PREFIX + AGENT,
            CheckpointItem.sortKey(2),
            Kind.REMOVE,
            Optional.empty(),
            Optional.of(clock.instant().plus(RETENTION).getEpochSecond()),
            clock.instant(),
            "e1");

    assertThat(scribe.take(List.of(removed), deadline).findings())
        .containsExactly(new Finding(AGENT, What.REMOVED, "checkpoint 000000000002", "e1"));
    assertThat(scribe.take(List.of(removed), deadline).findings()).isEmpty();
    assertThat(chain().getLast().checkpoint().orElseThrow().head().text())
        .contains("\"checkpoint\":2,", "removed");
  }

  @Test
  void aCheckpointThatExpiresInItsTimeIsNoFinding() {
    Change expired =
        new Change(
            CheckpointItem.PARTITION_PREFIX + AGENT,
            CheckpointItem.sortKey(1),
            Kind.EXPIRE,
            Optional.empty(),
            Optional.of(clock.instant().getEpochSecond() - 9),
            clock.instant(),
            "e1");
    assertThat(scribe.take(List.of(expired), deadline).findings()).isEmpty();
    assertThat(chain()).isEmpty();
  }

  @Test
  void raisingTheRetentionMakesNoFindingsOfWhatWasOnItsWay() {
    scribe.take(List.of(record(AGENT)), deadline);
    Scribe raised = scribe(RETENTION.multipliedBy(4));
    // those who write are changed one after the other
    assertThat(raised.take(List.of(record(AGENT)), deadline).findings()).isEmpty();
    assertThat(raised.take(List.of(record(AGENT), record("agent1")), deadline).findings())
        .isEmpty();
    Change longer = record(AGENT, RETENTION.multipliedBy(4));
    assertThat(raised.take(List.of(longer, record(AGENT)), deadline).findings()).isEmpty();
    // from the first checkpoint on of which all are kept longer, all have to be
    assertThat(raised.take(List.of(record(AGENT, RETENTION.multipliedBy(4))), deadline).findings())
        .isEmpty();
    assertThat(raised.take(List.of(record(AGENT)), deadline).findings())
        .extracting(Finding::what)
        .containsExactly(What.SHORT_LIVED);
    assertThat(scribe.take(List.of(record(AGENT)), deadline).findings())
        .as("lowered again, the scribe first")
        .isEmpty();
  }

  @Test
  void anOutageIsWaitedForAndADefectForAQuarterOfAnHour() {
    Change defective = record(AGENT);
    Change other = record("agent1");
    table.reset();
    table.fail(1, DynamoDbException.builder().statusCode(400).build()); // what is this?
    assertThat(scribe.take(List.of(defective, other), deadline).again())
        .containsExactly(defective.event());

    clock.advance(Duration.ofMinutes(16));
    table.reset();
    table.fail(1, DynamoDbException.builder().statusCode(503).build());
    assertThat(scribe.take(List.of(defective), deadline).again())
        .containsExactly(defective.event());
    table.reset();
    table.fail(1, new IllegalStateException("canary"));
    Scribe.Taken taken = scribe.take(List.of(defective), deadline);
    assertThat(taken.again()).isEmpty();
    assertThat(taken.givenUp()).containsExactly(defective.event());
    assertThat(taken.faults()).containsExactly("java.lang.IllegalStateException");
  }

  @Test
  void aBatchThatIsTooMuchForTheTimeIsDoneInParts() {
    List<Change> batch = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      batch.add(record("agent" + i));
    }
    int rounds = 0;
    List<Change> rest = batch;
    while (!rest.isEmpty() && rounds < 20) {
      rounds++;
      table.reset();
      for (int call = 1; call <= 100; call++) {
        table.before(call, () -> clock.advance(Duration.ofSeconds(1)));
      }
      Scribe.Taken taken = scribe.take(rest, Deadline.after(Duration.ofSeconds(30), clock));
      List<Change> left =
          rest.stream().filter(each -> taken.again().contains(each.event())).toList();
      assertThat(left).hasSizeLessThan(rest.size());
      rest = left;
    }
    assertThat(rest).isEmpty();
    assertThat(rounds).isGreaterThan(1);
    table.reset();
    for (int i = 0; i < 20; i++) {
      assertThat(proofs.page("agent" + i, false, Optional.empty(), 2, deadline)).hasSize(1);
    }
  }

  private Change record(String agent) {
    return record(agent, RETENTION);
  }

  private Change record(String agent, Duration kept) {
    clock.advance(Duration.ofMillis(1));
    Entry entry = Records.entry(agent, clock.instant(), ++made, "label");
    long keptUntil = entry.at().plus(kept).getEpochSecond();
    return Records.change(
        entry, Kind.INSERT, Records.CODEC.text(entry, keptUntil), keptUntil, entry.at());
  }

  private void damage(long number, Map<String, AttributeValue> attributes) {
    Map<String, AttributeValue> item = new HashMap<>(item(key(number)));
    item.putAll(attributes);
    item.putAll(key(number));
    table.plant(item);
  }

  private Map<String, AttributeValue> item(Map<String, AttributeValue> key) {
    return Stream.concat(table.items().stream(), table.records().stream())
        .filter(each -> each.entrySet().containsAll(key.entrySet()))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, AttributeValue> key(long number) {
    return key(AGENT, number);
  }

  private static Map<String, AttributeValue> key(String agent, long number) {
    return Map.of(
        "pk",
        text(CheckpointItem.PARTITION_PREFIX + agent),
        "sk",
        text(CheckpointItem.sortKey(number)));
  }

  private List<Proofs.Kept> chain() {
    return proofs.page(AGENT, false, Optional.empty(), 1000, deadline);
  }
}
