package io.agentvault.evidence;

import static io.agentvault.evidence.Records.JSON;
import static io.agentvault.evidence.Records.RETENTION;
import static io.agentvault.evidence.Records.entry;
import static io.agentvault.evidence.Records.inserted;
import static io.agentvault.evidence.Records.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.crypto.FakeSigner;
import io.agentvault.crypto.Signer;
import io.agentvault.evidence.Change.Kind;
import io.agentvault.evidence.Entry.Status;
import io.agentvault.evidence.Finding.What;
import io.agentvault.identity.table.InMemoryTable;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.kms.model.KmsInternalException;

/**
 * The chain has neither gap nor double, whatever is delivered how often; what is touched is said.
 */
class ScribeTest {
  private static final String AGENT = "agent0";

  private final MutableClock clock = new MutableClock();
  private final InMemoryTable table = new InMemoryTable();
  private final FakeSigner signer = new FakeSigner();
  private final Deadline deadline = Deadline.after(Duration.ofDays(1000), clock);
  private final Backoff backoff = new Backoff(() -> 0, duration -> {});
  private final Proofs proofs =
      new DynamoDbProofs(table, backoff, InMemoryTable.NAME, RETENTION, JSON);
  private final Scribe scribe = scribe();
  private final Verifier verifier = new Verifier(signer, deadline);
  private final Map<String, Map<String, String>> written = new LinkedHashMap<>();
  private int made;

  private Scribe scribe() {
    return Scribe.onDynamoDb(table, backoff, InMemoryTable.NAME, signer, RETENTION, JSON, clock);
  }

  @Test
  void oneSignatureCoversEveryAgentOfABatch() {
    List<Change> batch = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      batch.add(record("agent" + i % 7, "github"));
    }
    assertThat(scribe.take(batch, deadline).again()).isEmpty();

    assertThat(signer.signs).hasSize(1);
    assertThat(written).hasSize(7);
    written.keySet().forEach(this::holds);
  }

  /** DynamoDB counts in kilobytes: the costs that the handbook states hang on this one. */
  @Test
  void aCheckpointOfOneRecordIsWithinOneKilobyteHoweverManyAgentsAreInItsBatch() {
    List<Change> batch = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      made = 1_000_000_000 + i;
      batch.add(record("%026d".formatted(i), "github"));
    }
    assertThat(scribe.take(batch, deadline).again()).isEmpty();

    assertThat(signer.signs).hasSize(2);
    written.keySet().forEach(this::holds);
    assertThat(table.items().stream().filter(item -> item.containsKey("head")))
        .hasSize(1_500)
        .allSatisfy(item -> assertThat(size(item)).isLessThan(1_024 - 64));
  }

  /** Delivered again it is no news: said now or never. */
  @Test
  void aFindingOfATreeThatWasWrittenIsSaidThoughTheNextTreeCantBeSigned() {
    List<Change> batch = new ArrayList<>();
    batch.add(
        new Change(
            "LOG#first",
            "k",
            Kind.REMOVE,
            Optional.empty(),
            Optional.empty(),
            clock.instant(),
            "e1"));
    for (int i = 0; i < 1_500; i++) {
      batch.add(record("%026d".formatted(i), "github"));
    }
    int[] signed = {0};
    Signer once =
        new Signer() {
          @Override
          public String sign(String type, String payload, Deadline deadline) {
            if (++signed[0] > 1) {
              throw new Unavailable("key service", 1);
            }
            return signer.sign(type, payload, deadline);
          }

          @Override
          public String publicKeys(Deadline deadline) {
            return signer.publicKeys(deadline);
          }
        };
    Scribe.Taken taken =
        Scribe.onDynamoDb(table, backoff, InMemoryTable.NAME, once, RETENTION, JSON, clock)
            .take(batch, deadline);

    assertThat(taken.findings()).extracting(Finding::agent).containsExactly("first");
    assertThat(taken.again()).hasSize(1_501 - 1_024).doesNotContain("e1");
    assertThat(scribe.take(batch, deadline).findings()).isEmpty();
    written.keySet().forEach(this::holds);
  }

  private static int size(Map<String, AttributeValue> item) {
    return item.entrySet().stream().mapToInt(e -> e.getKey().length() + size(e.getValue())).sum();
  }

  private static int size(AttributeValue value) {
    return switch (value.type()) {
      case S -> value.s().length();
      case N -> value.n().length();
      case B -> value.b().asByteArrayUnsafe().length;
      case L -> 3 + value.l().stream().mapToInt(each -> 1 + size(each)).sum();
      default -> throw new AssertionError("unexpected " + value.type());
    };
  }

  @Test
  void anAgentOfManyRecordsGetsSeveralCheckpointsUnderOneSignature() {
    scribe.take(IntStream.range(0, 200).mapToObj(i -> record(AGENT, "l" + i)).toList(), deadline);

    assertThat(signer.signs).hasSize(1);
    assertThat(chain(AGENT)).hasSize(3);
    holds(AGENT);
    assertThat(uses("l17").count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void deliveredAgainInPartOrWholeWithFaultsTheChainHasNeitherGapNorDouble(long seed) {
    Random random = new Random(seed);
    List<Change> stream = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      clock.advance(Duration.ofMillis(random.nextInt(3) - 1)); // keys are not in order
      stream.add(record("agent" + random.nextInt(4), "l" + random.nextInt(3)));
    }
    for (int from = 0; from < stream.size(); ) {
      int to = Math.min(stream.size(), from + 1 + random.nextInt(25));
      fail(random);
      int next = deliver(stream.subList(from, to));
      from += random.nextInt(4) == 0 ? random.nextInt(next + 1) : next; // again, though it was done
      clock.advance(Duration.ofSeconds(random.nextInt(90)));
    }
    table.reset();
    signer.fault = null;
    written.keySet().forEach(this::holds);
    assertThat(written.keySet().stream().mapToLong(agent -> uses(agent, Uses.TOTAL).count()).sum())
        .isEqualTo(150);
    for (String agent : written.keySet()) {
      for (String label : List.of("l0", "l1", "l2")) {
        long count =
            stream.stream()
                .filter(each -> each.agent().orElseThrow().equals(agent))
                .filter(each -> each.record().orElseThrow().contains("\"label\":\"" + label + "\""))
                .count();
        assertThat(uses(agent, label).count()).isEqualTo(count);
      }
    }
  }

  private void fail(Random random) {
    table.reset();
    RuntimeException fault = ApiCallTimeoutException.create(1);
    switch (random.nextInt(4)) {
      case 0 -> table.fail(1 + random.nextInt(8), fault);
      case 1 -> table.loseAnswer(1 + random.nextInt(8), fault);
      default -> {}
    }
    signer.fault =
        random.nextInt(6) == 0 ? KmsInternalException.builder().statusCode(500).build() : null;
  }

  /** As Lambda does it: from the first failure on it comes again. */
  private int deliver(List<Change> batch) {
    try {
      Set<String> again = scribe.take(batch, deadline).again();
      for (int i = 0; i < batch.size(); i++) {
        if (again.contains(batch.get(i).event())) {
          return i;
        }
      }
      return batch.size();
    } catch (Problem noSignature) {
      return 0;
    }
  }

  @Test
  void whoComesSecondWritesNothingAndIsToldToComeAgain() {
    Change first = record(AGENT, "a");
    Change second = record(AGENT, "a");
    table.before(2, () -> scribe().take(List.of(first), deadline)); // after the head was read

    assertThat(scribe.take(List.of(first, second), deadline).again())
        .containsExactlyInAnyOrder(first.event(), second.event());
    scribe.take(List.of(first, second), deadline);
    holds(AGENT);
    assertThat(uses("a").count()).isEqualTo(2);
  }

  @Test
  void whatIsUnreadableOfOneAgentKeepsNobodyWaiting() {
    Entry entry = entry("agent1", clock.instant(), 1, "a");
    Change poison = Records.change(entry, Kind.INSERT, "{no json", 7, clock.instant());
    written.put("agent1", new HashMap<>(Map.of(entry.key(), "{no json")));
    Change good = record(AGENT, "a");

    Scribe.Taken taken = scribe.take(List.of(poison, good), deadline);

    assertThat(taken.again()).isEmpty();
    assertThat(taken.findings()).extracting(Finding::what).containsExactly(What.UNREADABLE);
    holds(AGENT);
    holds("agent1");
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"MODIFY", "REMOVE", "EXPIRE"})
  void whatIsTouchedIsSaidInACheckpointOnce(Kind kind) {
    Change insert = record(AGENT, "a");
    scribe.take(List.of(insert), deadline);
    Change touched =
        new Change(
            insert.partition(),
            insert.key(),
            kind,
            insert.record(),
            insert.keptUntil(),
            clock.instant(), // long before its time
            "e1");

    assertThat(scribe.take(List.of(touched), deadline).findings()).hasSize(1);
    assertThat(scribe.take(List.of(touched), deadline).findings()).isEmpty();
    assertThat(chain(AGENT)).hasSize(2);
    assertThat(chain(AGENT).getLast().head().text())
        .contains("\"key\":\"" + insert.key() + "\",\"event\":\"e1\"");
    holds(AGENT);
  }

  @Test
  void aRecordThatExpiresInItsTimeIsNoFinding() {
    Change insert = record(AGENT, "a");
    scribe.take(List.of(insert), deadline);
    Instant later = clock.instant().plus(RETENTION).plusSeconds(60);
    Change expired =
        new Change(
            insert.partition(),
            insert.key(),
            Kind.EXPIRE,
            insert.record(),
            insert.keptUntil(),
            later,
            "e1");

    assertThat(scribe.take(List.of(expired), deadline).findings()).isEmpty();
    assertThat(chain(AGENT)).hasSize(1);
    Change shortened =
        new Change(
            insert.partition(),
            insert.key(),
            Kind.EXPIRE,
            insert.record(),
            Optional.of(later.getEpochSecond() - 9),
            later,
            "e2");
    assertThat(scribe.take(List.of(shortened), deadline).findings())
        .extracting(Finding::what)
        .containsExactly(What.REMOVED);
  }

  @Test
  void aRecordOfAnotherTimeOrPlaceOrToBeKeptTooShortlyIsAFindingAndCountsAsNothing() {
    Entry entry = entry(AGENT, clock.instant(), 1, "a");
    Change late =
        Records.change(
            entry,
            Kind.INSERT,
            Records.text(entry),
            Records.keptUntil(entry),
            clock.instant().plus(Duration.ofHours(1)));
    Entry other = entry(AGENT, clock.instant(), 2, "a");
    Change brief =
        Records.change(
            other,
            Kind.INSERT,
            Records.text(other),
            clock.instant().getEpochSecond() + 60,
            clock.instant());

    Entry place = entry(AGENT, clock.instant(), 3, "a");
    Change elsewhere =
        Records.change(
            place, Kind.INSERT, Records.text(other), Records.keptUntil(place), clock.instant());

    assertThat(scribe.take(List.of(late, brief, elsewhere), deadline).findings())
        .extracting(Finding::what)
        .containsExactly(What.OUT_OF_TIME, What.SHORT_LIVED, What.UNREADABLE);
    assertThat(proofs.uses(AGENT, List.of(Uses.TOTAL), deadline)).isEmpty();
  }

  @Test
  void aCheckpointThatIsTouchedIsAFinding() {
    scribe.take(List.of(record(AGENT, "a")), deadline);
    Change touched =
        new Change(
            CheckpointItem.PARTITION_PREFIX + AGENT,
            CheckpointItem.sortKey(1),
            Kind.MODIFY,
            Optional.empty(),
            Optional.empty(),
            clock.instant(),
            "e1");
    assertThat(scribe.take(List.of(touched), deadline).findings())
        .containsExactly(new Finding(AGENT, What.CHANGED, "checkpoint 000000000001", "e1"));
  }

  @Test
  void twoHundredRandomTamperingsAreEachFoundByWhoeverVerifies() {
    for (int batch = 0; batch < 10; batch++) {
      scribe.take(IntStream.range(0, 12).mapToObj(i -> record(AGENT, "l" + i)).toList(), deadline);
      clock.advance(Duration.ofSeconds(60));
    }
    holds(AGENT);
    Random random = new Random(17);
    for (int i = 0; i < 200; i++) {
      Map<String, String> records = new HashMap<>(records(AGENT));
      List<Checkpoint> chain = new ArrayList<>(chain(AGENT));
      String what = Tampering.at(random, records, chain);
      assertThat(verifier.faults(AGENT, chain, records)).as("%d: %s", i, what).isNotEmpty();
    }
  }

  @Test
  void aCredentialThatReplacedAnotherCountsFromZero() {
    scribe.take(List.of(record(AGENT, "a"), record(AGENT, "a")), deadline);
    Instant last = clock.instant();
    assertThat(uses("a").count()).isEqualTo(2);
    assertThat(uses("a").lastUsedAt()).contains(last);

    Entry replaced = entry(AGENT, last.plusSeconds(9), 99, "a");
    Uses other =
        uses("a").used(with(replaced, replaced.key(), replaced.action(), Optional.of("another")));
    assertThat(other.count()).isEqualTo(1);
    assertThat(other.lastUsedAt()).contains(last.plusSeconds(9));
  }

  @ParameterizedTest
  @EnumSource(Status.class)
  void denialsAndErrorsAreNoUsesAndCountAsErrors(Status status) {
    Entry entry = entry(AGENT, clock.instant(), 1, "a", status);
    scribe.take(List.of(inserted(entry)), deadline);
    boolean failed = status == Status.DENIED || status == Status.ERROR;

    assertThat(uses(AGENT, Uses.TOTAL).errors()).isEqualTo(failed ? 1 : 0);
    assertThat(uses(AGENT, Uses.TOTAL).on(entry.at())).isEqualTo(1);
    assertThat(uses(AGENT, Uses.TOTAL).lastUsedAt())
        .isEqualTo(failed ? Optional.empty() : Optional.of(entry.at()));
    assertThat(proofs.uses(AGENT, List.of("a"), deadline)).hasSize(failed ? 0 : 1);
  }

  @Test
  void aDayCountsItsOwnRecordsAndThoseOfTheDayBeforeThatComeLateDoNot() {
    Instant midnight = clock.instant().truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
    int made = 0;
    for (int seconds : List.of(-1, 0, -1, 1)) {
      Entry entry = entry(AGENT, midnight.plusSeconds(seconds), ++made, "a");
      scribe.take(List.of(inserted(entry)), deadline);
    }
    Uses total = uses(AGENT, Uses.TOTAL);

    assertThat(total.count()).isEqualTo(4);
    assertThat(total.on(midnight)).isEqualTo(2);
    assertThat(total.on(midnight.minusMillis(1))).isZero();
    assertThat(total.on(midnight.plus(1, ChronoUnit.DAYS))).isZero();
  }

  private Change record(String agent, String label) {
    Entry entry = entry(agent, clock.instant(), ++made, label);
    written.computeIfAbsent(agent, each -> new HashMap<>()).put(entry.key(), Records.text(entry));
    return inserted(entry);
  }

  private List<Checkpoint> chain(String agent) {
    return proofs.page(agent, false, Optional.empty(), 1000, deadline).stream()
        .map(kept -> kept.checkpoint().orElseThrow())
        .toList();
  }

  private Uses uses(String label) {
    return uses(AGENT, label);
  }

  private Uses uses(String agent, String name) {
    return proofs.uses(agent, List.of(name), deadline).getOrDefault(name, Uses.none(name));
  }

  private Map<String, String> records(String agent) {
    return written.getOrDefault(agent, Map.of());
  }

  private void holds(String agent) {
    List<Checkpoint> chain = chain(agent);
    assertThat(verifier.faults(agent, chain, records(agent))).isEmpty();
    assertThat(chain.stream().flatMap(each -> each.keys().stream()))
        .containsExactlyInAnyOrderElementsOf(records(agent).keySet());
  }
}
