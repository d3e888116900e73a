package io.agentvault.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.BadRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelPatternTest {
  /** Every text of up to three of these characters. */
  private static List<String> texts(String alphabet) {
    List<String> texts = new ArrayList<>(List.of(""));
    for (int from = 0, length = 0; length < 3; length++) {
      int to = texts.size();
      for (; from < to; from++) {
        for (char each : alphabet.toCharArray()) {
          texts.add(texts.get(from) + each);
        }
      }
    }
    return texts;
  }

  @Test
  void whatIsWrittenIsReadAndOneMeaningHasOneSpelling() {
    int patterns = 0;
    for (String written : texts("a*\\ ")) {
      Optional<LabelPattern> expected = understood(written);
      if (expected.isPresent()) {
        patterns++;
        assertThat(LabelPattern.parse(written)).isEqualTo(expected.get());
        assertThat(expected.get().written()).isEqualTo(written);
      } else {
        assertThatThrownBy(() -> LabelPattern.parse(written))
            .as(written)
            .isInstanceOf(BadRequest.class)
            .hasMessageStartingWith("labels must be");
      }
    }
    assertThat(patterns).isGreaterThan(10);
  }

  /** A reader of its own, character by character. */
  private static Optional<LabelPattern> understood(String written) {
    StringBuilder text = new StringBuilder();
    boolean prefix = false;
    for (int i = 0; i < written.length(); i++) {
      char each = written.charAt(i);
      if (each == '\\') {
        if (i + 1 == written.length() || written.charAt(++i) != '*') {
          return Optional.empty();
        }
        text.append('*');
      } else if (each == '*') {
        if (i + 1 < written.length()) {
          return Optional.empty();
        }
        prefix = true;
      } else {
        text.append(each);
      }
    }
    boolean starts = !text.toString().startsWith(" ");
    boolean ends = prefix || (!text.isEmpty() && !text.toString().endsWith(" "));
    return starts && ends
        ? Optional.of(new LabelPattern(text.toString(), prefix))
        : Optional.empty();
  }

  @Test
  void onePatternIsWithinAnotherExactlyWhenAllItsLabelsAre() {
    List<String> labels = texts("ab*").stream().filter(LabelGrammar::isLabel).toList();
    List<LabelPattern> patterns = new ArrayList<>();
    texts("ab*").stream()
        .filter(text -> text.length() < 3)
        .forEach(
            text -> {
              patterns.add(new LabelPattern(text, true));
              if (LabelGrammar.isLabel(text)) {
                patterns.add(new LabelPattern(text, false));
              }
            });
    for (LabelPattern outer : patterns) {
      for (LabelPattern inner : patterns) {
        assertThat(outer.covers(inner))
            .as("%s in %s", inner, outer)
            .isEqualTo(labels.stream().filter(inner::covers).allMatch(outer::covers));
      }
    }
  }

  @Test
  void aStarThatIsMeantCoversNothingButItself() {
    LabelPattern star = LabelPattern.parse("aws-\\*");

    assertThat(star.covers("aws-*")).isTrue();
    assertThat(star.covers("aws-prod")).isFalse();
    assertThat(star.covers(LabelPattern.parse("aws-*"))).isFalse();
    assertThat(LabelPattern.parse("aws-*").covers(star)).isTrue();
    assertThat(LabelPattern.parse("aws-\\**").covers("aws-*x")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "a%b", "a?", "a#*", "é", "a\n", "a\\", "**", "a*b"})
  void whatNoLabelCanBeIsRefusedAndNotRepeated(String written) {
    assertThatThrownBy(() -> LabelPattern.parse(written)).isInstanceOf(BadRequest.class);
  }

  @Test
  void aLabelMayHave128CharactersAndABeginningOneLess() {
    LabelPattern.parse("x".repeat(128));
    LabelPattern.parse("x".repeat(127) + "*");
    for (String written : List.of("x".repeat(129), "x".repeat(128) + "*")) {
      assertThatThrownBy(() -> LabelPattern.parse(written)).isInstanceOf(BadRequest.class);
      assertThatThrownBy(() -> new LabelPattern(written.replace("*", ""), written.endsWith("*")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theCommonBeginningIsWhatAllLabelsWithinBeginWith() {
    assertThat(beginning("aws-prod", "aws-*")).isEqualTo("aws-");
    assertThat(beginning("aws-prod", "aws-prof")).isEqualTo("aws-pro");
    assertThat(beginning("github")).isEqualTo("github");
    assertThat(beginning("github", "aws")).isEmpty();
    assertThat(beginning("a", "ab*", "*")).isEmpty();
  }

  private static String beginning(String... labels) {
    return new Limits(
            Set.of(),
            List.of(labels).stream().map(LabelPattern::parse).toList(),
            Optional.of(Instant.EPOCH))
        .commonBeginning();
  }

  @Test
  void patternsWithinOthersAreLeftOutAndTheOrderStays() {
    List<LabelPattern> kept =
        Limits.withoutCovered(
            List.of("b", "aws-prod", "aws-*", "aws-x", "b", "a").stream()
                .map(LabelPattern::parse)
                .toList());

    assertThat(kept.stream().map(LabelPattern::written)).containsExactly("b", "aws-*", "a");
  }
}
