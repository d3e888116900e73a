package io.agentvault.evidence;

import static io.agentvault.evidence.Records.RETENTION;
import static io.agentvault.evidence.Records.entry;
import static io.agentvault.evidence.Records.inserted;
import static io.agentvault.evidence.Records.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.evidence.Change.Kind;
import io.agentvault.evidence.Finding.What;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a change of a record is taken for, up to the edges of what is allowed. */
class JudgementTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final Entry READ = entry("agent0", NOW, 1, "a");

  private final Judgement judgement = new Judgement(Records.CODEC);

  @Test
  void aRecordOfAnotherPlaceOrOfNoTimeIsUnreadable() {
    Entry later = entry("agent0", NOW, 2, "a");
    Entry others = entry("agent1", NOW, 1, "a");
    Entry timeless = with(READ, "no time#r1#1", READ.action(), READ.credentialId());

    assertThat(what(stored(READ, Records.text(READ), Duration.ZERO))).isEmpty();
    assertThat(what(stored(READ, Records.text(later), Duration.ZERO))).contains(What.UNREADABLE);
    assertThat(what(stored(READ, Records.text(others), Duration.ZERO))).contains(What.UNREADABLE);
    assertThat(what(inserted(timeless))).contains(What.UNREADABLE);
  }

  /** A revocation's record may follow it, once the vault is empty. */
  @Test
  void aRecordIsStoredWhenItSaysItWasOrAlmost() {
    Entry end = with(READ, READ.key(), Entry.REVOCATION, Optional.empty());

    assertThat(late(READ, Judgement.TOLERANCE)).isEmpty();
    assertThat(late(READ, Judgement.TOLERANCE.negated())).isEmpty();
    assertThat(late(READ, Judgement.TOLERANCE.plusMillis(1))).contains(What.OUT_OF_TIME);
    assertThat(late(end, Judgement.REAPERS_TIME)).isEmpty();
    assertThat(late(end, Judgement.REAPERS_TIME.plusMillis(1))).contains(What.OUT_OF_TIME);
    assertThat(late(end, Judgement.TOLERANCE.plusMillis(1).negated())).contains(What.OUT_OF_TIME);
  }

  @Test
  void aRecordExpiresFromTheSecondOnThatItIsKeptUntil() {
    long keptUntil = Records.keptUntil(READ);

    assertThat(expired(keptUntil, keptUntil + 60)).isEmpty();
    assertThat(expired(keptUntil, keptUntil)).isEmpty();
    assertThat(expired(keptUntil, keptUntil - 1)).contains(What.REMOVED);
    assertThat(expired(keptUntil - 9, keptUntil)).contains(What.REMOVED);
  }

  private Optional<What> late(Entry entry, Duration late) {
    return what(stored(entry, Records.text(entry), late));
  }

  private Optional<What> expired(long keptUntil, long at) {
    return what(
        Records.change(
            READ, Kind.EXPIRE, Records.text(READ), keptUntil, Instant.ofEpochSecond(at)));
  }

  private static Change stored(Entry place, String text, Duration late) {
    return Records.change(
        place, Kind.INSERT, text, Records.keptUntil(place), place.at().plus(late));
  }

  private Optional<What> what(Change change) {
    return judgement.finding(change, RETENTION).map(Finding::what);
  }
}
