package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an escape stands for, and where it began; what is none stays as it is. */
class ViewTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "%41|A|0 3",
        "a%41b|aAb|0 1 4 5",
        "%7a%7A|zz|0 3 6",
        "%|%|0 1",
        "%4|%4|0 1 2",
        "a%4|a%4|0 1 2 3",
        "%4g|%4g|0 1 2 3",
        "%g4|%g4|0 1 2 3",
        "%%41|%A|0 1 4",
        "%c3%bc|ü|0 3 6",
        "a+%2b|a++|0 1 2 5",
      })
  void percentEncodedBytesAreDecoded(String original, String seen, String origins) {
    assertSeen(View.percentDecoded(original.getBytes(UTF_8), false), seen, origins);
  }

  @Test
  void aPlusIsASpaceWhereThatIsAsked() {
    assertSeen(View.percentDecoded("+a%41+".getBytes(UTF_8), true), " aA ", "0 1 2 5 6");
    assertThat(View.percentDecoded("a%41".getBytes(UTF_8), true)).isEmpty();
    assertThat(View.percentDecoded("a+b".getBytes(UTF_8), false)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\\\"\\\\\\/|\"\\/|0 2 4 6",
        "a\\|a\\|0 1 2",
        "\\x|\\x|0 1 2",
        "\\u0041|A|0 6",
        "a\\u0041b|aAb|0 1 7 8",
        "\\u00e9|é|0 0 6",
        "\\u004|\\u004|0 1 2 3 4 5",
        "\\u|\\u|0 1 2",
        "\\u004g|\\u004g|0 1 2 3 4 5 6",
        "\\ug041|\\ug041|0 1 2 3 4 5 6",
        "\\ud83d\\ude00|😀|0 0 0 0 12",
        "a\\ud83d\\ude00b|a😀b|0 1 1 1 1 13 14",
        "\\ud83d|?|0 6",
        "\\ud83dx|?x|0 6 7",
        "\\ud83d\\|?\\|0 6 7",
        "\\ud83d\\u|?\\u|0 6 7 8",
        "\\ud83d\\ude0|?\\ude0|0 6 7 8 9 10 11",
        "\\ud83d\\/|?/|0 6 8",
        "\\u0041\\ude00|A?|0 6 12",
      })
  void jsonsEscapesAreResolved(String original, String seen, String origins) {
    assertSeen(View.jsonUnescaped(original.getBytes(UTF_8)), seen, origins);
  }

  @Test
  void controlCharactersHaveEscapesOfTheirOwn() {
    assertSeen(View.jsonUnescaped("\\b\\f\\n\\r\\t".getBytes(UTF_8)), "\b\f\n\r\t", "0 2 4 6 8 10");
    assertThat(View.jsonUnescaped("%41 n".getBytes(UTF_8))).isEmpty();
  }

  @Test
  void asciiLettersAloneAreMadeSmall() {
    View plain = View.plain("@AZ[`az{Ü0".getBytes(UTF_8));

    assertSeen(Optional.of(plain.lowerCase()), "@az[`az{Ü0", "0 1 2 3 4 5 6 7 8 9 10 11");
    assertSeen(
        View.percentDecoded("%41B".getBytes(UTF_8), false).map(View::lowerCase), "ab", "0 3 4");
  }

  /** Whatever an upstream answers is looked at to its end, and no byte is seen from elsewhere. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyByteOfAnyTextIsSeenOnceAndInOrder(long seed) {
    Random random = new Random(seed);
    byte[] alphabet = "\\\\\\u%%+dD8cC04fg\"/nü".getBytes(UTF_8);
    for (int i = 0; i < 20_000; i++) {
      byte[] original = new byte[random.nextInt(24)];
      for (int at = 0; at < original.length; at++) {
        original[at] = alphabet[random.nextInt(alphabet.length)];
      }
      View.jsonUnescaped(original).ifPresent(view -> assertInOrder(view, original.length, 12));
      View.percentDecoded(original, true)
          .ifPresent(view -> assertInOrder(view, original.length, 3));
    }
  }

  private static void assertInOrder(View view, int end, int longestEscape) {
    int[] origins = origins(view);
    assertThat(origins[0]).isZero();
    assertThat(origins).isSorted().endsWith(end);
    for (int i = 1; i < origins.length; i++) {
      assertThat(origins[i] - origins[i - 1]).isBetween(0, longestEscape);
    }
  }

  private static void assertSeen(Optional<View> view, String seen, String origins) {
    assertThat(view).isPresent();
    assertThat(new String(view.get().bytes(), 0, view.get().length(), UTF_8)).isEqualTo(seen);
    assertThat(origins(view.get()))
        .containsExactly(Arrays.stream(origins.split(" ")).mapToInt(Integer::parseInt).toArray());
  }

  private static int[] origins(View view) {
    return IntStream.rangeClosed(0, view.length()).map(view::origin).toArray();
  }
}
