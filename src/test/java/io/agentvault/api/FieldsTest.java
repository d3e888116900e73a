package io.agentvault.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.BadRequest;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
  @Test
  void nullIsAbsent() {
    Fields fields = fields("{'a':null}");

    assertThat(fields.text("a")).isEmpty();
    assertThat(fields.object("a")).isEmpty();
    assertThat(fields.instant("a")).isEmpty();
    assertThat(fields.texts("a", 3)).isEmpty();
    assertThat(fields.integer("a", 0, 9, 4)).isEqualTo(4);
    assertThat(fields.mentions("a")).isTrue();
    assertThat(fields.mentions("b")).isFalse();
    assertThat(fields.text("b")).isEmpty();
    assertRefused(() -> fields.requiredText("a"), "a must be given");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "true", "[]", "{}"})
  void aTextOfAnotherTypeIsRefused(String value) {
    assertRefused(() -> fields("{'a':" + value + "}").text("a"), "a must be a string");
    assertRefused(() -> fields("{'a':" + value + "}").instant("a"), "a must be a string");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "true", "[]", "'{}'"})
  void anObjectOfAnotherTypeIsRefused(String value) {
    assertRefused(() -> fields("{'a':" + value + "}").object("a"), "a must be a JSON object");
  }

  @ParameterizedTest
  @CsvSource({
    "2030-01-31T00:00:00Z, 2030-01-31T00:00:00Z",
    "2030-01-31T02:00:00+02:00, 2030-01-31T00:00:00Z",
    "2030-01-31T00:00:00.123999Z, 2030-01-31T00:00:00.123Z",
    "2030-01-31T00:00Z, 2030-01-31T00:00:00Z",
    "9999-12-31T23:59:59.998Z, 9999-12-31T23:59:59.998Z",
    "2030-01-31T00:00:00, 2030-01-31T00:00:00Z",
    "2030-01-31T23:30:00.5, 2030-01-31T23:30:00.500Z",
    "2030-01-31, 2030-01-31T23:59:59.999Z",
    "2028-02-29, 2028-02-29T23:59:59.999Z",
  })
  void aTimeIsReadToTheMillisecond(String text, Instant instant) {
    assertThat(fields("{'a':'" + text + "'}").instant("a")).contains(instant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "canary",
        "2030-01-31Z",
        "2030-01",
        "2030-02-29",
        "2030-01-31 00:00:00",
        "2030-01-31T",
        "9999-12-31",
        "2030-02-30T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "+10000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z",
        "2030-01-31T24:01:00Z",
        "1900000000"
      })
  void whatIsNoTimeIsRefusedWithoutRepeatingIt(String text) {
    assertRefused(
        () -> fields("{'a':'" + text + "'}").instant("a"),
        "a must be an ISO-8601 time such as 2030-01-31T00:00:00Z");
  }

  @Test
  void textsAreAnArrayOfAtMostSoMany() {
    assertThat(fields("{'a':['x','y']}").texts("a", 2)).contains(List.of("x", "y"));
    assertThat(fields("{'a':[]}").texts("a", 2)).contains(List.of());
    for (String value : List.of("['x','y','z']", "'x'", "[1]", "['x',null]", "{}")) {
      assertRefused(
          () -> fields("{'a':" + value + "}").texts("a", 2),
          "a must be an array of at most 2 strings");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "10", "5.5", "'5'", "true", "4294967301", "18446744073709551621"})
  void aNumberOutOfItsRangeOrTypeIsRefused(String value) {
    assertRefused(
        () -> fields("{'a':" + value + "}").integer("a", 1, 9, 4),
        "a must be a whole number from 1 to 9");
  }

  @Test
  void aNumberInItsRangeIsRead() {
    assertThat(fields("{'a':1}").integer("a", 1, 9, 4)).isEqualTo(1);
    assertThat(fields("{'a':9}").integer("a", 1, 9, 4)).isEqualTo(9);
    assertThat(fields("{'a':2.0}").integer("a", 1, 9, 4)).isEqualTo(2);
  }

  private static Fields fields(String json) {
    return new Fields(Events.json(json));
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(BadRequest.class).hasMessage(message).hasNoCause();
  }
}
