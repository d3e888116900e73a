package io.agentvault.totp;

import static io.agentvault.totp.OtpSettings.DEFAULT_ALGORITHM;
import static io.agentvault.totp.OtpSettings.DEFAULT_DIGITS;
import static io.agentvault.totp.OtpSettings.DEFAULT_PERIOD_SECONDS;
import static io.agentvault.totp.OtpSettings.MAX_COUNTER;
import static io.agentvault.totp.OtpSettings.MAX_DIGITS;
import static io.agentvault.totp.OtpSettings.MAX_PERIOD_SECONDS;
import static io.agentvault.totp.OtpSettings.MIN_DIGITS;
import static io.agentvault.totp.OtpSettings.MIN_PERIOD_SECONDS;
import static io.agentvault.totp.OtpSettings.requireProven;

import io.agentvault.problem.BadRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A seed with its settings: everything but the moment that a one-time code needs. */
public sealed interface Otp {
  /** The shared secret. */
  Seed seed();

  /** The hash under the HMAC. */
  Algorithm algorithm();

  /** The number of characters of a code. */
  int digits();

  /**
   * Reads an {@code otpauth://totp/}, {@code otpauth://hotp/}, {@code otpauth://steam/} or {@code
   * steam://} URI, or else a base32 seed with the default settings (SHA1, 6 digits, 30 seconds).
   *
   * @param field what to call the text in an error, such as {@code data.totp}
   * @throws BadRequest whatever is wrong with the text; it is never repeated
   */
  static Otp parse(String field, String text) {
    String bare = text.strip();
    if (bare.contains("://")) {
      return OtpUri.parse(field, bare);
    }
    return new Totp(
        Seed.parse(field, bare), DEFAULT_ALGORITHM, DEFAULT_DIGITS, DEFAULT_PERIOD_SECONDS);
  }

  /**
   * Reads the object form {@code {secret,algorithm,digits,period}}; an absent setting has its
   * default. Errors name {@code field.secret}, {@code field.digits} and so on.
   *
   * @param field what to call the object in an error, such as {@code data.totp}
   * @param secretText the seed in base32, see {@link Seed#parse}
   * @param algorithmOrNull SHA1, SHA256 or SHA512, in any spelling of theirs
   * @param digitsOrNull 6 to 8
   * @param periodSecondsOrNull 1 to 3600
   * @throws BadRequest if one of them is out of its range
   */
  static Totp of(
      String field,
      String secretText,
      @Nullable String algorithmOrNull,
      @Nullable Integer digitsOrNull,
      @Nullable Integer periodSecondsOrNull) {
    return new Totp(
        Seed.parse(field + ".secret", secretText),
        OtpSettings.algorithm(field + ".algorithm", algorithmOrNull),
        OtpSettings.digits(field + ".digits", widened(digitsOrNull)),
        OtpSettings.periodSeconds(field + ".period", widened(periodSecondsOrNull)));
  }

  private static @Nullable Long widened(@Nullable Integer valueOrNull) {
    return valueOrNull == null ? null : Long.valueOf(valueOrNull);
  }

  /** A code that changes with time. */
  sealed interface Timed extends Otp {
    /** How long a code lasts, in seconds. */
    int periodSeconds();

    /**
     * The code of the period that the instant is in. Instants before 1970 have negative time steps.
     *
     * @throws java.time.DateTimeException if the period ends past {@link Instant#MAX}
     */
    TimedCode at(Instant instant);

    /** The time step that an instant is in: two instants of the same step have the same code. */
    default long timeStep(Instant instant) {
      return Math.floorDiv(instant.getEpochSecond(), (long) periodSeconds());
    }

    /** The first instant of the step after the one that this instant is in. */
    default Instant nextStart(Instant instant) {
      return Instant.ofEpochSecond((timeStep(instant) + 1) * periodSeconds());
    }
  }

  /**
   * RFC 6238.
   *
   * @param digits 6 to 8
   * @param periodSeconds 1 to 3600
   */
  record Totp(Seed seed, Algorithm algorithm, int digits, int periodSeconds) implements Timed {
    public Totp {
      requireProven(digits >= MIN_DIGITS && digits <= MAX_DIGITS, "digits");
      requireProven(
          periodSeconds >= MIN_PERIOD_SECONDS && periodSeconds <= MAX_PERIOD_SECONDS, "period");
    }

    @Override
    public TimedCode at(Instant instant) {
      return TimedCode.of(
          HmacCode.decimal(seed, algorithm, digits, timeStep(instant)), this, instant);
    }
  }

  /** Steam Guard: five characters of Steam's alphabet, 30 seconds, SHA1; nothing can be set. */
  record Steam(Seed seed) implements Timed {
    @Override
    public Algorithm algorithm() {
      return Algorithm.SHA1;
    }

    @Override
    public int digits() {
      return HmacCode.STEAM_CHARACTERS;
    }

    @Override
    public int periodSeconds() {
      return DEFAULT_PERIOD_SECONDS;
    }

    @Override
    public TimedCode at(Instant instant) {
      return TimedCode.of(HmacCode.steam(seed, timeStep(instant)), this, instant);
    }
  }

  /**
   * RFC 4226.
   *
   * @param digits 6 to 8
   * @param counter the first counter to use, 0 to 2^53 - 1; whoever stores the seed moves it on
   */
  record Hotp(Seed seed, Algorithm algorithm, int digits, long counter) implements Otp {
    public Hotp {
      requireProven(digits >= MIN_DIGITS && digits <= MAX_DIGITS, "digits");
      requireProven(counter >= 0 && counter <= MAX_COUNTER, "counter");
    }

    /** The code of a counter, 0 to {@link Long#MAX_VALUE}; not necessarily the first one. */
    public CounterCode at(long counter) {
      requireProven(counter >= 0, "counter");
      return new CounterCode(
          HmacCode.decimal(seed, algorithm, digits, counter), counter, digits, algorithm);
    }
  }
}
