package io.agentvault.evidence;

import static io.agentvault.evidence.Records.RETENTION;
import static io.agentvault.evidence.Records.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.identity.table.InMemoryTable;
import io.agentvault.problem.Internal;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Attributes;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.MutableClock;
import io.agentvault.remote.Origin;
import io.agentvault.remote.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

class DynamoDbLogTest {
  private static final Optional<Instant> NEVER = Optional.empty();
  private static final Wanted EVERYTHING = wanted(Optional.empty(), NEVER, NEVER);

  private final MutableClock clock = new MutableClock();
  private final InMemoryTable table = new InMemoryTable();
  private final Deadline deadline = Deadline.after(Duration.ofDays(1), clock);
  private final Log log =
      Log.onDynamoDb(
          table, new Backoff(() -> 0, duration -> {}), InMemoryTable.NAME, RETENTION, Records.JSON);

  @Test
  void aRecordIsReadAsItWasWritten() {
    Entry entry = entry("a", clock.instant(), 1, "github \"ü\"");
    log.write(entry, deadline);
    assertThat(page(10, Optional.empty()).entries()).containsExactly(entry);
    assertThat(table.items())
        .singleElement()
        .satisfies(
            item -> {
              assertThat(Attributes.of(item).text("record", "")).doesNotContain("\n");
              assertThat(Attributes.of(item).number("ttl", ""))
                  .isEqualTo(clock.instant().plus(RETENTION).getEpochSecond());
            });
  }

  @Test
  void aRecordWhoseAnswerWasLostIsWrittenOnce() {
    Entry entry = entry("a", clock.instant(), 1, "github");
    log.write(entry, deadline);
    log.write(entry, deadline); // what the SDK does after a lost answer
    assertThat(table.items()).hasSize(1);
  }

  @Test
  void aRecordIsNeverPutOverAnother() {
    log.write(entry("a", clock.instant(), 1, "github"), deadline);
    assertThatThrownBy(() -> log.write(entry("a", clock.instant(), 1, "other"), deadline))
        .isInstanceOf(Internal.class);
    assertThat(page(10, Optional.empty()).entries().getFirst().label()).contains("github");
  }

  @Test
  void aRecordThatMayNotBeWrittenIsUnavailable() {
    table.fail(1, ApiCallTimeoutException.create(1));
    assertThatThrownBy(() -> log.write(entry("a", clock.instant(), 1, "github"), deadline))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void aRecordThatMeetsATransactionIsWrittenAfterIt() {
    table.fail(1, TransactionConflictException.builder().build());
    log.write(entry("a", clock.instant(), 1, "github"), deadline);
    assertThat(table.items()).hasSize(1);

    for (int call = 1; call <= 100; call++) {
      table.fail(call, TransactionConflictException.builder().build());
    }
    assertThatThrownBy(() -> log.write(entry("a", clock.instant(), 2, "github"), deadline))
        .isInstanceOf(Unavailable.class);
    assertThat(table.items()).hasSize(1);
  }

  @Test
  void aPageReadsLittleMoreThanItShowsAndOnlyWhereThatIsNotEnoughTheRest() {
    List<Entry> all = written(9);

    assertThat(page(3, Optional.empty()).entries()).isEqualTo(all.subList(0, 3));
    assertThat(limits()).containsExactly(4);
    table.reset();
    List<Entry> ends = List.of(all.getFirst(), all.getLast());
    assertThat(log.page("a", EVERYTHING, ends::contains, 3, Optional.empty(), deadline))
        .isEqualTo(new Log.Page(ends, Optional.empty()));
    assertThat(limits()).containsExactly(4, null);
  }

  @Test
  void aPageOfWhatIsRareEndsAtItsMostQueriesWithAPlaceToGoOnFrom() {
    List<Entry> all = written(2 * DynamoDbLog.MOST_QUERIES);
    table.pageSize(1);

    Log.Page page = log.page("a", EVERYTHING, e -> false, 3, Optional.empty(), deadline);
    assertThat(page.entries()).isEmpty();
    assertThat(page.next()).contains(all.get(DynamoDbLog.MOST_QUERIES - 1).key());
    assertThat(limits()).hasSize(DynamoDbLog.MOST_QUERIES);
    assertThat(page(1, page.next()).entries()).containsExactly(all.get(DynamoDbLog.MOST_QUERIES));
  }

  /** Newest first. */
  private List<Entry> written(int many) {
    List<Entry> all = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      clock.advance(Duration.ofSeconds(1));
      Entry entry = entry("a", clock.instant(), i, "l" + i % 2);
      log.write(entry, deadline);
      all.addFirst(entry);
    }
    return all;
  }

  private List<Integer> limits() {
    return table.requests(QueryRequest.class).stream().map(QueryRequest::limit).toList();
  }

  @Test
  void pagesShowEachRecordOnceNewestFirst() {
    List<Entry> all = written(23);
    log.write(entry("b", clock.instant(), 1, "of another"), deadline);

    List<Entry> shown = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      Log.Page page = page(5, after);
      shown.addAll(page.entries());
      after = page.next();
    } while (after.isPresent());
    assertThat(shown).isEqualTo(all);
    assertThat(
            log.page("a", wanted(Optional.of("l1"), NEVER, NEVER), e -> true, 50, after, deadline)
                .entries())
        .hasSize(11);
    Instant since = all.get(10).at();
    Wanted part = wanted(Optional.empty(), Optional.of(since), Optional.of(since.plusSeconds(3)));
    assertThat(log.page("a", part, e -> true, 50, Optional.of("~~"), deadline).entries())
        .isEqualTo(all.subList(8, 11));
    assertThat(log.page("a", part, e -> true, 50, Optional.of("0"), deadline).entries()).isEmpty();
    Wanted none = wanted(Optional.empty(), Optional.of(since), Optional.of(since));
    assertThat(log.page("a", none, e -> true, 50, Optional.empty(), deadline).entries()).isEmpty();
    assertThat(log.page("a", EVERYTHING, e -> e.at().equals(since), 50, after, deadline).entries())
        .containsExactly(all.get(10));
  }

  @Test
  void theRecordsOfOneRequestHaveKeysOfTheirOwnAndARequestIdIsNoSeparator() {
    Deadline direct = deadline.of(new Origin("a#b\n" + "x".repeat(500), Origin.Way.DIRECT));
    String first = RecordKey.of(clock.instant(), direct);
    direct.roundTrips().count(Transactions.STORAGE, Duration.ZERO);
    String second = RecordKey.of(clock.instant(), direct);

    assertThat(first).isNotEqualTo(second).matches("2026-11-01T12:00:00.000Z#abx{62}#0");
  }

  private static Wanted wanted(
      Optional<String> label, Optional<Instant> since, Optional<Instant> until) {
    Optional<String> any = Optional.empty();
    return new Wanted(any, any, any, any, label, since, until);
  }

  private Log.Page page(int limit, Optional<String> after) {
    return log.page("a", EVERYTHING, entry -> true, limit, after, deadline);
  }
}
