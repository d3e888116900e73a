package io.agentvault.evidence;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How often something was used: one label, or everything of an agent.
 *
 * @param name the label, or {@link #TOTAL}
 * @param credentialId the credential that stood at the label; another one counts from zero
 * @param count of uses of a label's credential, else of records
 * @param errors of records that were denied or failed
 * @param lastUsedAt the time of the last use that counted
 * @param byCategory records of each category; of everything only
 * @param latest the last day that had records, and how many; of everything only
 */
public record Uses(
    String name,
    Optional<String> credentialId,
    long count,
    long errors,
    Optional<Instant> lastUsedAt,
    Map<String, Long> byCategory,
    Optional<Day> latest) {
  /** The name of what holds everything of an agent; no label has a slash. */
  public static final String TOTAL = "/total";

  /** What a success hands a credential's data out, or puts it in for the caller. */
  private static final Set<String> USING =
      Set.of("vault.get", "vault.totp", "vault.token", "vault.useBackupCode");

  public Uses {
    byCategory = Map.copyOf(byCategory);
  }

  static Uses none(String name) {
    return new Uses(name, Optional.empty(), 0, 0, Optional.empty(), Map.of(), Optional.empty());
  }

  /** These, if they are of that credential: another one at the same label counts from zero. */
  public Optional<Uses> of(String credential) {
    return credentialId.equals(Optional.of(credential)) ? Optional.of(this) : Optional.empty();
  }

  /** How many records were of the day, in UTC, of {@code now}. */
  public long on(Instant now) {
    return latest.filter(day -> day.date().equals(Day.date(now))).map(Day::count).orElse(0L);
  }

  /** Of everything: with one record more. */
  Uses recorded(Entry entry) {
    Map<String, Long> categories = new TreeMap<>(byCategory);
    categories.merge(entry.category(), 1L, Long::sum);
    boolean failed = entry.status() == Entry.Status.DENIED || entry.status() == Entry.Status.ERROR;
    return new Uses(
        name,
        credentialId,
        count + 1,
        errors + (failed ? 1 : 0),
        isUse(entry) ? later(entry.at()) : lastUsedAt,
        categories,
        Optional.of(Day.after(latest, entry.at())));
  }

  /** Of a label: with one use more. */
  Uses used(Entry entry) {
    Uses before = credentialId.equals(entry.credentialId()) ? this : none(name);
    return new Uses(
        name,
        entry.credentialId(),
        before.count + 1,
        0,
        before.later(entry.at()),
        Map.of(),
        Optional.empty());
  }

  private Optional<Instant> later(Instant at) {
    return Optional.of(lastUsedAt.filter(at::isBefore).orElse(at));
  }

  /** A use's attempt counts, its outcome no second time. */
  static boolean isUse(Entry entry) {
    return switch (entry.status()) {
      case SUCCESS -> USING.contains(entry.action());
      case ATTEMPT -> true;
      case DENIED, ERROR -> false;
    };
  }

  /**
   * A day and how many records it has had so far.
   *
   * @param date in UTC
   */
  public record Day(LocalDate date, long count) {
    static LocalDate date(Instant at) {
      return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }

    /** With one record more; one of an earlier day, which came late, is no more counted. */
    private static Day after(Optional<Day> latest, Instant at) {
      LocalDate date = date(at);
      if (latest.isEmpty() || latest.get().date.isBefore(date)) {
        return new Day(date, 1);
      }
      Day day = latest.get();
      return day.date.equals(date) ? new Day(date, day.count + 1) : day;
    }
  }
}
