package io.agentvault.evidence;

import io.agentvault.evidence.EntryCodec.Read;
import io.agentvault.evidence.Finding.What;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a change means: nothing, a record to be hashed, something that nobody may do, or both. */
final class Judgement {
  /** A request ends within a minute, and clocks of one region differ by less. */
  static final Duration TOLERANCE = Duration.ofMinutes(5);

  /** A revocation's line may be the reaper's, who is told of the revocation for so long. */
  static final Duration REAPERS_TIME = Duration.ofDays(1);

  private final EntryCodec codec;

  Judgement(EntryCodec codec) {
    this.codec = codec;
  }

  /**
   * What is wrong with a change.
   *
   * @param kept how long records are to be kept at least
   */
  Optional<Finding> finding(Change change, Duration kept) {
    Optional<What> what =
        switch (change.kind()) {
          case INSERT -> inserted(change, kept);
          case MODIFY -> Optional.of(What.CHANGED);
          case REMOVE -> Optional.of(What.REMOVED);
          case EXPIRE -> expired(change);
        };
    return what.map(
        each -> new Finding(change.agent().orElse(""), each, name(change), change.event()));
  }

  /** Whether a record is kept that long; what is no record at all is not in the way. */
  boolean isKept(Change change, Duration least) {
    return change.kind() != Change.Kind.INSERT
        || entry(change).isEmpty()
        || inserted(change, least).filter(What.SHORT_LIVED::equals).isEmpty();
  }

  Optional<Entry> entry(Change change) {
    return change.record().flatMap(codec::read).map(Read::entry);
  }

  private Optional<What> inserted(Change change, Duration kept) {
    Optional<Read> read = change.record().flatMap(codec::read);
    if (read.isEmpty() || !isOwn(read.get().entry(), change)) {
      return Optional.of(What.UNREADABLE);
    }
    long keptUntil = read.get().keptUntil();
    Instant written;
    try {
      written = RecordKey.instant(change.key());
    } catch (DateTimeException e) {
      return Optional.of(What.UNREADABLE);
    }
    Duration late = Duration.between(written, change.at());
    boolean follows = read.get().entry().action().equals(Entry.REVOCATION) && !late.isNegative();
    if (late.abs().compareTo(follows ? REAPERS_TIME : TOLERANCE) > 0) {
      return Optional.of(What.OUT_OF_TIME);
    }
    if (change.keptUntil().filter(ttl -> ttl == keptUntil).isEmpty()
        || keptUntil < written.plus(kept).getEpochSecond()) {
      return Optional.of(What.SHORT_LIVED);
    }
    return Optional.empty();
  }

  private static boolean isOwn(Entry entry, Change change) {
    return entry.key().equals(change.key()) && change.agent().equals(Optional.of(entry.agent()));
  }

  /** Its {@code ttl} must be past; of a record, it must be the one that is hashed with it. */
  private Optional<What> expired(Change change) {
    boolean past =
        change.keptUntil().filter(ttl -> ttl <= change.at().getEpochSecond()).isPresent();
    boolean asWritten =
        !change.isRecord()
            || change.record().flatMap(codec::read).map(Read::keptUntil).equals(change.keptUntil());
    return past && asWritten ? Optional.empty() : Optional.of(What.REMOVED);
  }

  private static String name(Change change) {
    return change.isRecord() ? change.key() : "checkpoint " + change.key();
  }
}
