package io.agentvault.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.BadRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelTest {
  @Test
  void everyPrintableAsciiCharacterButSixMayStandInALabel() {
    for (char c = 0; c < 0x300; c++) {
      boolean allowed = c >= ' ' && c <= '~' && "/\\%#?".indexOf(c) < 0;
      assertThat(isLabel("a" + c + "b")).as("character %d", (int) c).isEqualTo(allowed);
      assertThat(isLabel(String.valueOf(c))).isEqualTo(allowed && c != ' ' && c != '.');
    }
  }

  @Test
  void aSpaceMayStandInsideButAtNeitherEnd() {
    assertThat(isLabel("my bank")).isTrue();
    assertThat(isLabel(" bank")).isFalse();
    assertThat(isLabel("bank ")).isFalse();
    for (String dots : new String[] {".", ".."}) {
      assertThat(isLabel(dots)).as("resolved before it is sent").isFalse();
      assertThatThrownBy(() -> Label.parse(dots)).isInstanceOf(BadRequest.class);
    }
    assertThat(isLabel("...")).isTrue();
  }

  @Test
  void aLabelHas1To128Characters() {
    assertThat(isLabel("")).isFalse();
    assertThat(isLabel("a".repeat(128))).isTrue();
    assertThat(isLabel("a".repeat(129))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"canary/x", "canary%2Fx", "canäry", "canary\n", "\ud800canary"})
  void aRefusalNamesTheRuleAndNeverWhatWasSent(String text) {
    assertThatThrownBy(() -> Label.parse(text))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("label must be 1 to 128 printable ASCII characters")
        .hasMessageNotContaining("can");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Label(text))
        .withMessage("not a label");
  }

  @Test
  void labelsAreCaseSensitiveAndSortAsText() {
    assertThat(Label.parse("A")).isNotEqualTo(Label.parse("a")).isLessThan(Label.parse("a"));
    assertThat(Label.parse("a")).isEqualByComparingTo(Label.parse("a")).hasToString("a");
  }

  private static boolean isLabel(String text) {
    try {
      Label.parse(text);
      return true;
    } catch (BadRequest e) {
      return false;
    }
  }
}
