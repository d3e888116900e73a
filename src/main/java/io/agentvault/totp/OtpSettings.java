package io.agentvault.totp;

import io.agentvault.problem.BadRequest;
import org.jspecify.annotations.Nullable;

/** The ranges and defaults of the settings (wire contract §2), as text and as numbers. */
final class OtpSettings {
  static final Algorithm DEFAULT_ALGORITHM = Algorithm.SHA1;

  static final int MIN_DIGITS = 6;
  static final int MAX_DIGITS = 8;
  static final int DEFAULT_DIGITS = 6;

  static final int MIN_PERIOD_SECONDS = 1;
  static final int MAX_PERIOD_SECONDS = 3600;
  static final int DEFAULT_PERIOD_SECONDS = 30;

  /** 2^53 - 1: the last whole number that every JSON reader keeps exact. */
  static final long MAX_COUNTER = 9_007_199_254_740_991L;

  /** More digits than any number in range has; leading zeros are let through up to here. */
  private static final int MAX_NUMBER_CHARACTERS = 18;

  private static final long BELOW_EVERY_RANGE = -1;

  private OtpSettings() {}

  static Algorithm algorithm(String field, @Nullable String textOrNull) {
    return textOrNull == null ? DEFAULT_ALGORITHM : Algorithm.parse(field, textOrNull);
  }

  static int digits(String field, @Nullable Long valueOrNull) {
    return valueOrNull == null
        ? DEFAULT_DIGITS
        : (int) within(field, valueOrNull, MIN_DIGITS, MAX_DIGITS);
  }

  static int periodSeconds(String field, @Nullable Long valueOrNull) {
    return valueOrNull == null
        ? DEFAULT_PERIOD_SECONDS
        : (int) within(field, valueOrNull, MIN_PERIOD_SECONDS, MAX_PERIOD_SECONDS);
  }

  static long counter(String field, long value) {
    return within(field, value, 0, MAX_COUNTER);
  }

  /**
   * Reads ASCII digits only: no sign, no space, and none of Unicode's other digits, which {@link
   * Long#parseLong} would take. Anything else is below every range, so that the range's own rule is
   * the one that it breaks.
   */
  static long wholeNumber(String text) {
    boolean digitsOnly = text.chars().allMatch(c -> c >= '0' && c <= '9');
    return text.isEmpty() || text.length() > MAX_NUMBER_CHARACTERS || !digitsOnly
        ? BELOW_EVERY_RANGE
        : Long.parseLong(text);
  }

  /** For what is proven elsewhere; a failure is a defect of the caller, not bad input. */
  static void requireProven(boolean inRange, String what) {
    if (!inRange) {
      throw new IllegalArgumentException(what + " out of range");
    }
  }

  private static long within(String field, long value, long min, long max) {
    if (value < min || value > max) {
      throw new BadRequest(field, "must be a whole number from " + min + " to " + max);
    }
    return value;
  }
}
