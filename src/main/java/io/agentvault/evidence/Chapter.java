package io.agentvault.evidence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What one checkpoint adds to an agent's chain: some records, what was found, and the head after
 * them.
 */
record Chapter(
    String agent,
    Head head,
    String greatest,
    List<String> keys,
    List<Entry> entries,
    List<Finding> findings,
    Duration kept) {
  Chapter {
    keys = List.copyOf(keys);
    entries = List.copyOf(entries);
    findings = List.copyOf(findings);
  }

  /** Its checkpoint, in a tree that is signed. */
  Checkpoint under(Checkpoint.Path path, String root, String signed, Instant at) {
    return new Checkpoint(agent, head, at, keys, greatest, path, root, signed, kept);
  }

  /** Names of the counts that the chapter moves. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (Entry entry : entries) {
      names.add(Uses.TOTAL);
      if (Uses.isUse(entry)) {
        entry.label().ifPresent(names::add);
      }
    }
    return names;
  }

  /** Changes in parts that a transaction can hold. */
  static List<List<Change>> parts(List<Change> changes, int most) {
    List<List<Change>> parts = new ArrayList<>();
    for (int from = 0; from < changes.size(); from += most) {
      parts.add(changes.subList(from, Math.min(changes.size(), from + most)));
    }
    return parts;
  }

  /** What is delivered twice in one batch is taken once. */
  static List<Change> once(List<Change> changes) {
    Set<String> seen = new HashSet<>();
    return changes.stream().filter(change -> seen.add(change.event())).toList();
  }
}
