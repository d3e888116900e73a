package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The search for canaries finds what it is to find. */
final class CanaryTest {
  private final Canary canary = Canary.fresh("canary");

  @Test
  void everySpellingIsFoundAtEveryOffset() {
    String hidden = canary.text();
    for (String before : List.of("", "a", "ab", "abc")) {
      byte[] bytes =
          (before + hidden + "tail").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      assertThat(canary.isIn(bytes)).isTrue();
      assertThat(canary.isIn(java.util.Base64.getEncoder().encodeToString(bytes))).isTrue();
      assertThat(canary.isIn(java.util.Base64.getUrlEncoder().encodeToString(bytes))).isTrue();
      assertThat(canary.isIn(java.util.HexFormat.of().formatHex(bytes))).isTrue();
      assertThat(
              canary.isIn((before + hidden).getBytes(java.nio.charset.StandardCharsets.UTF_16LE)))
          .isTrue();
    }
    assertThat(canary.isIn("x" + hidden.substring(0, 14))).isTrue();
    assertThat(canary.isIn("x" + hidden.substring(hidden.length() - 14))).isTrue();
    assertThat(canary.isIn("nothing of it")).isFalse();
  }

  @Test
  void noneIsTakenForAnother() {
    for (int i = 0; i < 2_000; i++) {
      assertThat(canary.isIn(Canary.fresh("another").text())).isFalse();
    }
  }

  @Test
  void earlierReportsHoldNoCanary() {
    Surfaces reports = new Surfaces();
    reports.addFiles(Path.of("target/surefire-reports"));
    reports.addFiles(Path.of("target/failsafe-reports"));
    assertThat(reports.holding(Canary.mark())).isEmpty();
  }
}
