package io.agentvault.soak;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a label may hold: one value, unless the end of a write is not known. A write whose answer
 * was lost may still happen for a while, so a read settles the matter only after that while.
 */
final class Possible {
  /** Stands for no credential. */
  static final String NONE = "";

  private static final Duration UNSETTLED = Duration.ofSeconds(15);

  private final Set<String> values = new LinkedHashSet<>(Set.of(NONE));
  private long unsettledUntilNanos = System.nanoTime();

  /** A write of {@code value} was answered as done. */
  void is(String value) {
    values.clear();
    values.add(value);
    unsettledUntilNanos = System.nanoTime();
  }

  /** Nobody knows whether {@code value} was written. */
  void maybe(String value) {
    values.add(value);
    unsettledUntilNanos = System.nanoTime() + UNSETTLED.toNanos();
  }

  /** Whether a read may have answered {@code value}; if so and all is settled, it is that value. */
  boolean read(String value) {
    boolean allowed = values.contains(value);
    if (allowed && System.nanoTime() - unsettledUntilNanos > 0) {
      is(value);
    }
    return allowed;
  }

  boolean mayBeThere() {
    return values.stream().anyMatch(value -> !value.equals(NONE));
  }

  boolean mustBeThere() {
    return !values.contains(NONE);
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
