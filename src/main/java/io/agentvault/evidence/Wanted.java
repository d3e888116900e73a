package io.agentvault.evidence;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which records are asked for; what is empty is not asked about. A word that no record has is a
 * question like any other: nothing is found.
 *
 * @param category such as {@code vault}
 * @param action such as {@code vault.get}
 * @param status such as {@code denied}
 * @param severity such as {@code WARNING}
 * @param label of the credential
 * @param since from this instant on
 * @param until before this instant
 */
public record Wanted(
    Optional<String> category,
    Optional<String> action,
    Optional<String> status,
    Optional<String> severity,
    Optional<String> label,
    Optional<Instant> since,
    Optional<Instant> until) {

  Log.Range range() {
    return new Log.Range(since.map(RecordKey::time), until.map(RecordKey::time));
  }

  Predicate<Entry> which() {
    return entry ->
        is(category, entry.category())
            && is(action, entry.action())
            && is(status, entry.status().text())
            && is(severity, entry.severity())
            && (label.isEmpty() || label.equals(entry.label()));
  }

  private static boolean is(Optional<String> asked, String word) {
    return asked.isEmpty() || asked.get().equalsIgnoreCase(word);
  }
}
