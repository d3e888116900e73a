package io.agentvault.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.NotFound;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AgentIdTest {
  private static final String LARGEST = "7" + "z".repeat(25);

  @Test
  void anIdIs128RandomBitsIn26Characters() {
    byte[] bytes = new byte[16];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (0xf0 + i);
    }
    AgentId id =
        AgentId.random(
            count -> {
              assertThat(count).isEqualTo(16);
              return bytes;
            });

    assertThat(id.text()).isEqualTo(Vectors.ID);
    assertThat(id).hasToString(Vectors.ID);
    assertThat(AgentId.CHARACTERS).isEqualTo(26);
  }

  @Test
  void smallAndLargestValuesKeepTheirLength() {
    assertThat(AgentId.random(byte[]::new).text()).isEqualTo("0".repeat(26));
    assertThat(AgentId.parse(LARGEST)).isPresent();
    assertThat(AgentId.parse("8" + "0".repeat(25))).as("a value of 129 bits").isEmpty();
  }

  @Test
  void everyLengthButTheRightOneIsNoId() {
    for (int length = 0; length < 40; length++) {
      assertThat(AgentId.parse("0".repeat(length)).isPresent()).isEqualTo(length == 26);
    }
  }

  @Test
  void onlyTheCanonicalAlphabetIsRead() {
    Set<Character> read = new HashSet<>();
    for (char c = 0; c < 0x250; c++) {
      if (AgentId.parse("0".repeat(25) + c).isPresent()) {
        read.add(c);
      }
    }
    assertThat(read).hasSize(32).doesNotContain('i', 'l', 'o', 'u', 'A', 'Z');
  }

  @Test
  void everyValueHasOneSpelling() {
    Set<String> spellings = new HashSet<>();
    for (int i = 0; i < 256; i++) {
      byte last = (byte) i;
      AgentId id =
          AgentId.random(
              count -> {
                byte[] bytes = new byte[count];
                bytes[count - 1] = last;
                return bytes;
              });
      assertThat(AgentId.parse(id.text())).contains(id);
      spellings.add(id.text());
    }
    assertThat(spellings).hasSize(256);
  }

  @Test
  void aTextThatIsNoIdNamesNoIdentity() {
    assertThatThrownBy(() -> AgentId.named("avk_secret"))
        .isInstanceOf(NotFound.class)
        .hasMessage("no such identity");
    assertThat(AgentId.named(LARGEST).text()).isEqualTo(LARGEST);
  }

  @Test
  void noIdCanBeMadePastTheGrammar() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AgentId("../" + LARGEST))
        .withMessage("not an agent id");
  }
}
