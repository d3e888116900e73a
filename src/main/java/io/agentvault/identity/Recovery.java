package io.agentvault.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Until when something outside the table keeps a wrapped key that a revocation has destroyed in it.
 *
 * @param pointInTime how far back point-in-time recovery of the table reaches; zero when it is off
 * @param oldTableUntil when the table that a restore left behind, and its last backup, are gone;
 *     empty when there is no such table
 */
public record Recovery(Duration pointInTime, Optional<Instant> oldTableUntil) {
  /** What a receipt says while nobody has fixed when the old table goes. */
  public static final Instant NO_END_KNOWN = Instant.parse("9999-12-31T23:59:59Z");

  /**
   * As configured.
   *
   * @param oldTableUntil empty, an ISO-8601 date-time with offset, or {@code unknown}. What can't
   *     be read counts as unknown: a slip in a setting neither stops a revocation nor makes a
   *     receipt promise too much
   */
  public static Recovery of(Duration pointInTime, String oldTableUntil) {
    return new Recovery(
        pointInTime,
        oldTableUntil.isBlank() ? Optional.empty() : Optional.of(instant(oldTableUntil)));
  }

  private static Instant instant(String text) {
    try {
      return java.time.OffsetDateTime.parse(text.strip()).toInstant();
    } catch (DateTimeParseException e) {
      return NO_END_KNOWN;
    }
  }

  /** Until when what is destroyed at {@code now} can be had back; empty when it can't. */
  Optional<Instant> until(Instant now) {
    Optional<Instant> backup =
        pointInTime.isZero() ? Optional.empty() : Optional.of(now.plus(pointInTime));
    return oldTableUntil.filter(at -> at.isAfter(backup.orElse(now))).or(() -> backup);
  }
}
