package io.agentvault.evidence;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How often something was used: one label, everything of an agent, or everything of a day.
 *
 * @param name the label, {@link #TOTAL} or a day
 * @param credentialId the credential that stood at the label; another one counts from zero
 * @param count of uses of a label's credential, else of records
 * @param errors of records that were denied or failed
 * @param lastUsedAt the time of the last use that counted
 * @param byCategory records of each category; of everything only
 */
public record Uses(
    String name,
    Optional<String> credentialId,
    long count,
    long errors,
    Optional<Instant> lastUsedAt,
    Map<String, Long> byCategory) {
  /** The name of what holds everything of an agent; no label has a slash. */
  public static final String TOTAL = "/total";

  private static final int DATE_CHARACTERS = "2026-11-24".length();

  /** What a success hands a credential's data out, or puts it in for the caller. */
  private static final Set<String> USING =
      Set.of("vault.get", "vault.totp", "vault.token", "vault.useBackupCode");

  public Uses {
    byCategory = Map.copyOf(byCategory);
  }

  static Uses none(String name) {
    return new Uses(name, Optional.empty(), 0, 0, Optional.empty(), Map.of());
  }

  /** These, if they are of that credential: another one at the same label counts from zero. */
  public Optional<Uses> of(String credential) {
    return credentialId.equals(Optional.of(credential)) ? Optional.of(this) : Optional.empty();
  }

  /** The name of a day in UTC. */
  public static String day(Instant at) {
    return "/" + at.toString().substring(0, DATE_CHARACTERS);
  }

  /** Of everything, or of a day: with one record more. */
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
        categories);
  }

  /** Of a label: with one use more. */
  Uses used(Entry entry) {
    Uses before = credentialId.equals(entry.credentialId()) ? this : none(name);
    return new Uses(
        name, entry.credentialId(), before.count + 1, 0, before.later(entry.at()), Map.of());
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
}
