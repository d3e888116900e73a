package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentvault.crypto.Binding.Part;
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
    assertThat(new Binding("a", "é", "", Part.DATA).encoded((byte) 2))
        .containsExactly(
            2, 0, 0, 0, 1, 'a', 0, 0, 0, 2, 0xc3, 0xa9, 0, 0, 0, 0, 0, 0, 0, 4, 'd', 'a', 't', 'a');
    assertThat(new Binding("a", "é", "", Part.DATA).encoded((byte) 1))
        .containsExactly(1, 0, 0, 0, 1, 'a', 0, 0, 0, 2, 0xc3, 0xa9, 0, 0, 0, 0);
  }

  @Property
  void differentBindingsHaveDifferentEncodings(
      @ForAll("bindings") Binding one, @ForAll("bindings") Binding other) {
    Assume.that(!one.equals(other));

    assertThat(one.encoded(Binding.VERSION)).isNotEqualTo(other.encoded(Binding.VERSION));
  }

  /** Where an encoding without lengths fails. All ways to cut, exhaustively, for each text. */
  @Property(tries = 200)
  void theSameTextCutElsewhereIsAnotherEncoding(@ForAll("texts") String text) {
    Set<String> encodings = new HashSet<>();
    int cuts = 0;
    for (int from = 0; from <= text.length(); from++) {
      for (int to = from; to <= text.length(); to++) {
        encodings.add(HexFormat.of().formatHex(cut(text, from, to).encoded(Binding.VERSION)));
        cuts++;
      }
    }
    assertThat(encodings).hasSize(cuts);
  }

  @Test
  void aLoneSurrogateIsRefusedForItWouldEncodeAsAQuestionMark() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Binding("a", "\ud83d", "c", Part.DATA).encoded(Binding.VERSION));
  }

  private static Binding cut(String text, int from, int to) {
    return new Binding(
        text.substring(0, from), text.substring(from, to), text.substring(to), Part.DATA);
  }

  // Few characters and short parts, length bytes among them, so that collisions would be found.
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars('a', 'b', '\0', '\1', '\2', 'é').ofMaxLength(8);
  }

  @Provide
  Arbitrary<Binding> bindings() {
    return Combinators.combine(texts(), texts(), texts(), Arbitraries.of(Part.class))
        .as(Binding::new);
  }
}
