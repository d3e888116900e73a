package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class BindingTest {
  @Test
  void encodingIsVersionThenEachPartBehindItsLength() {
    assertThat(new Binding("a", "é", "").encoded())
        .containsExactly(1, 0, 0, 0, 1, 'a', 0, 0, 0, 2, 0xc3, 0xa9, 0, 0, 0, 0);
  }

  @Property
  void differentBindingsHaveDifferentEncodings(
      @ForAll("bindings") Binding one, @ForAll("bindings") Binding other) {
    Assume.that(!one.equals(other));

    assertThat(one.encoded()).isNotEqualTo(other.encoded());
  }

  /** Where an encoding without lengths fails. All ways to cut, exhaustively, for each text. */
  @Property(tries = 200)
  void theSameTextCutElsewhereIsAnotherEncoding(@ForAll("texts") String text) {
    Set<String> encodings = new HashSet<>();
    int cuts = 0;
    for (int from = 0; from <= text.length(); from++) {
      for (int to = from; to <= text.length(); to++) {
        encodings.add(HexFormat.of().formatHex(cut(text, from, to).encoded()));
        cuts++;
      }
    }
    assertThat(encodings).hasSize(cuts);
  }

  @Test
  void aPartThatLooksLikeALengthAndAPartIsStillOnePart() {
    assertThat(new Binding("a", "b\0\0\0\1c", "").encoded())
        .isNotEqualTo(new Binding("a", "b", "c").encoded());
  }

  @Test
  void aLoneSurrogateIsRefusedForItWouldEncodeAsAQuestionMark() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Binding("a", "\ud83d", "c").encoded());
  }

  private static Binding cut(String text, int from, int to) {
    return new Binding(text.substring(0, from), text.substring(from, to), text.substring(to));
  }

  // Few characters and short parts, length bytes among them, so that collisions would be found.
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars('a', 'b', '\0', '\1', '\2', 'é').ofMaxLength(8);
  }

  @Provide
  Arbitrary<Binding> bindings() {
    return Combinators.combine(texts(), texts(), texts()).as(Binding::new);
  }
}
