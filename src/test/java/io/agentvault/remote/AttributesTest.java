package io.agentvault.remote;

import static io.agentvault.remote.Attributes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.Internal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stored time is read as the JDK reads it, whichever of the two ways it goes. */
class AttributesTest {
  private static final Instant YEAR_0 = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

  @Property
  void aTimeIsReadAsItWasWritten(
      @ForAll @LongRange(min = -63_000_000_000_000L, max = 255_000_000_000_000L) long millis) {
    Instant time = Instant.ofEpochMilli(millis);

    assertThat(read(time.toString())).contains(time);
  }

  @Property(tries = 5_000)
  void aTimeWithAnotherCharacterInItIsReadOrRefusedAsTheJdkDoes(
      @ForAll @LongRange(min = 0, max = 4_102_444_800_000L) long millis,
      @ForAll @IntRange(max = 23) int place,
      @ForAll @CharRange(from = ' ', to = '~') char other) {
    StringBuilder changed = new StringBuilder(Instant.ofEpochMilli(millis).toString());
    changed.setCharAt(Math.min(place, changed.length() - 1), other);

    assertReadAsTheJdkDoes(changed.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-27T05:34:30Z",
        "2026-11-27T05:34:30.1Z",
        "2026-11-27T05:34:30.123456Z",
        "2026-11-27T05:34:30.123+00:00",
        "2026-11-27T24:00:00.000Z",
        "2026-11-27T24:00:00.001Z",
        "2016-12-31T23:59:60.000Z",
        "2026-02-29T00:00:00.000Z",
        "2024-02-29T00:00:00.000Z",
        "2026-13-01T00:00:00.000Z",
        "2026-00-01T00:00:00.000Z",
        "2026-11-27t05:34:30.123z",
        "2026-+1-27T05:34:30.123Z",
        "٢٠٢٦-11-27T05:34:30.123Z",
        "-999999-11-27T05:34:30.1Z",
        "tomorrow",
        ""
      })
  void aTimeOfAnotherShapeIsReadOrRefusedAsTheJdkDoes(String text) {
    assertReadAsTheJdkDoes(text);
  }

  @Test
  void theEdgesOfFourDigitsAreRead() {
    for (Instant edge : List.of(YEAR_0, YEAR_10000)) {
      assertThat(read(edge.toString())).contains(edge);
      assertThat(read(edge.minusMillis(1).toString())).contains(edge.minusMillis(1));
    }
  }

  @Test
  void aTimeThatIsMissingIsNoneOrMalformed() {
    Attributes none = Attributes.of(Map.of());

    assertThat(none.optionalInstant("at", "credential")).isEmpty();
    assertThatThrownBy(() -> none.instant("at", "credential"))
        .isInstanceOf(Internal.class)
        .hasMessage("a stored credential is malformed");
  }

  private static void assertReadAsTheJdkDoes(String text) {
    Instant expected;
    try {
      expected = Instant.parse(text);
    } catch (DateTimeException e) {
      assertThatThrownBy(() -> read(text))
          .isInstanceOf(Internal.class)
          .hasMessage("a stored credential is malformed");
      return;
    }
    assertThat(read(text)).contains(expected);
  }

  private static Optional<Instant> read(String text) {
    return Attributes.of(Map.of("at", text(text))).optionalInstant("at", "credential");
  }
}
