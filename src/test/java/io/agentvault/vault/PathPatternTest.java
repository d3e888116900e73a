package io.agentvault.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.BadRequest;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Patterns of paths beside regular expressions that are made from them. */
class PathPatternTest {
  @Property(tries = 3000)
  void aPatternMatchesWhatItsRegularExpressionDoes(
      @ForAll("patterns") String pattern, @ForAll("paths") String path) {
    assertThat(parse(pattern).matches(path))
        .as("%s on %s", pattern, path)
        .isEqualTo(expression(pattern).matcher(path).matches());
  }

  @Property(tries = 3000)
  void whatAPatternCoversMatchesNothingThatItDoesNot(
      @ForAll("patterns") String wide,
      @ForAll("patterns") String narrow,
      @ForAll("paths") String path) {
    if (parse(wide).covers(parse(narrow)) && parse(narrow).matches(path)) {
      assertThat(parse(wide).matches(path)).as("%s covers %s: %s", wide, narrow, path).isTrue();
    }
  }

  @Property(tries = 500)
  void aPatternCoversItselfAndThePathsThatItMatches(
      @ForAll("patterns") String pattern, @ForAll("paths") String path) {
    assertThat(parse(pattern).covers(parse(pattern))).isTrue();
    if (!path.contains("//")) {
      assertThat(parse(pattern).covers(parse(path))).isEqualTo(parse(pattern).matches(path));
    }
  }

  @Provide
  Arbitrary<String> patterns() {
    return segments(Arbitraries.of("a", "b", "ab", "aba", "*", "a*", "*b", "a*b", "*a*", "**"));
  }

  @Provide
  Arbitrary<String> paths() {
    return segments(Arbitraries.of("", "a", "b", "ab", "ba", "aab", "aba", "abab", "bab"));
  }

  private static Arbitrary<String> segments(Arbitrary<String> segment) {
    return segment.list().ofMinSize(1).ofMaxSize(4).map(list -> "/" + String.join("/", list));
  }

  private static PathPattern parse(String text) {
    return PathPattern.parse("paths", text);
  }

  /** The grammar as the wire contract words it. */
  private static Pattern expression(String pattern) {
    List<String> segments = List.of(pattern.substring(1).split("/", -1));
    StringBuilder expression = new StringBuilder();
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      if (segment.equals("**")) {
        expression.append(i == segments.size() - 1 ? "(?:/[^/]*)+" : "(?:/[^/]*)*");
      } else {
        expression.append('/').append(segment.replace("*", "[^/]*"));
      }
    }
    return Pattern.compile(expression.toString());
  }

  /** Tried choice by choice, these would take until long after the function's time-out. */
  @Test
  void aLongPathIsMatchedWithoutTryingEveryWayToDivideIt() {
    String path = "/a".repeat(1500) + "/b".repeat(1500) + "/c".repeat(1000);
    assertThat(parse("/**/a/**/b/**/c/**/d").matches(path)).isFalse();
    assertThat(parse("/**/a/**/b/**/c/**").matches(path)).isTrue();
    assertThat(parse("/**/a/**/b/**/c/**").matches(path + "/d/")).isTrue();
  }

  static List<String> longest() {
    return List.of(
        "/",
        "/a/",
        "/" + "a".repeat(511),
        "/a".repeat(32),
        "/" + "a*".repeat(8),
        "/%2F/A-Z.~_!$&'()+,=:@");
  }

  @ParameterizedTest
  @MethodSource("longest")
  void whatIsJustWithinTheLimitsIsKeptAsItIsWritten(String text) {
    assertThat(parse(text).text()).isEqualTo(text);
  }

  static List<String> beyond() {
    return List.of(
        "",
        "a",
        "/" + "a".repeat(512),
        "/a".repeat(33),
        "/" + "a*".repeat(9),
        "//a",
        "/.",
        "/../a",
        "/a/***",
        "/a**/b",
        "/%2f",
        "/%2",
        "/a b");
  }

  @ParameterizedTest
  @MethodSource("beyond")
  void whatIsBeyondThemIsRefusedByTheFieldsName(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("paths must start with /")
        .hasMessageNotContaining("%2");
  }
}
