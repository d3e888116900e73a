package io.agentvault.soak;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What the run counts, and what it must not find. */
final class Violations {
  private static final int SHOWN = 40;

  private final ConcurrentLinkedQueue<String> found = new ConcurrentLinkedQueue<>();
  private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();

  /** An answer: what was asked and how it ended. */
  void answered(String operation, int status) {
    answers.computeIfAbsent(operation + " " + status, key -> new LongAdder()).increment();
  }

  void add(String violation) {
    found.add(violation);
  }

  void require(boolean holds, String otherwise) {
    if (!holds) {
      add(otherwise);
    }
  }

  List<String> found() {
    return found.stream().limit(SHOWN).toList();
  }

  int count() {
    return found.size();
  }

  long answers() {
    return answers.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** By operation: how often each status came. */
  Map<String, String> table() {
    Map<String, String> table = new TreeMap<>();
    answers.forEach(
        (key, count) -> {
          int space = key.lastIndexOf(' ');
          table.merge(
              key.substring(0, space),
              key.substring(space + 1) + ": " + count.sum(),
              (one, other) -> one + ", " + other);
        });
    return table;
  }
}
