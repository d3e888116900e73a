package io.agentvault.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a time is written; how one is read, {@link AttributesTest} knows. */
class TimesTest {
  private static final DateTimeFormatter OF_THE_JDK =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  /** From the year -10,000 to the year 20,000. */
  @Property(tries = 5_000)
  void aTimeIsWrittenAsTheJdkWritesIt(
      @ForAll @LongRange(min = -377_000_000_000L, max = 569_000_000_000L) long seconds,
      @ForAll @IntRange(max = 999_999_999) int nanos) {
    Instant time = Instant.ofEpochSecond(seconds, nanos);

    assertThat(Times.text(time)).isEqualTo(OF_THE_JDK.format(time));
  }

  @Property(tries = 1_000)
  void whatIsWrittenIsReadToTheMillisecond(
      @ForAll @LongRange(min = 0, max = 4_102_444_800_000L) long millis) {
    Instant time = Instant.ofEpochMilli(millis);

    assertThat(Times.parse(Times.text(time))).isEqualTo(time);
    assertThat(Times.parse(Times.text(time.plusNanos(999_999)))).isEqualTo(time);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-27T05:34:30Z, 2026-11-27T05:34:30.000Z",
    "2026-01-02T03:04:05.006999999Z, 2026-01-02T03:04:05.006Z",
    "1969-12-31T23:59:59.9999Z, 1969-12-31T23:59:59.999Z",
    "0000-01-01T00:00:00Z, 0000-01-01T00:00:00.000Z",
    "-0001-12-31T23:59:59.999Z, -0001-12-31T23:59:59.999Z",
    "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999Z",
    "+10000-01-01T00:00:00Z, +10000-01-01T00:00:00.000Z"
  })
  void edges(Instant time, String text) {
    assertThat(Times.text(time)).isEqualTo(text).isEqualTo(OF_THE_JDK.format(time));
  }
}
