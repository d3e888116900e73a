package io.agentvault.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.Unauthorized;
import io.agentvault.vault.World;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AgentKeyTest {
  private static final AgentId ID = new AgentId(Vectors.ID);

  @Test
  void theFormatIsPrefixIdSecretAndChecksum() {
    AgentKey key =
        AgentKey.mint(
            ID,
            count -> {
              byte[] bytes = new byte[count];
              for (int i = 0; i < count; i++) {
                bytes[i] = (byte) i;
              }
              return bytes;
            });

    assertThat(text(key)).isEqualTo(Vectors.KEY).hasSize(90);
    assertThat(key.claimedId()).isEqualTo(ID);
    assertThat(AgentKey.prefix(ID)).isEqualTo("avk_" + Vectors.ID);
  }

  @Test
  void theVerifierIsTheSha256OfTheWholeKey() {
    assertThat(HexFormat.of().formatHex(KeyVerifier.of(AgentKey.parse(Vectors.KEY)).hash()))
        .isEqualTo(Vectors.KEY_SHA_256);
  }

  @Test
  void aMintedKeyParsesToItself() {
    AgentKey key = AgentKey.mint(ID, World.seeded(7));

    assertThat(text(AgentKey.parse(text(key)))).isEqualTo(text(key));
    assertThat(AgentKey.parse(text(key)).claimedId()).isEqualTo(ID);
  }

  @Test
  void aKeyCutAtAnyLengthIsUnauthorized() {
    for (int length = 0; length < Vectors.KEY.length(); length++) {
      assertUnauthorized(Vectors.KEY.substring(0, length));
      assertUnauthorized(Vectors.KEY.substring(length + 1));
    }
  }

  @Test
  void aKeyLengthenedByAnyCharacterIsUnauthorized() {
    for (char c = 0; c < 0x80; c++) {
      assertUnauthorized(Vectors.KEY + c);
      assertUnauthorized(c + Vectors.KEY);
    }
  }

  @Test
  void anyCharacterExchangedForAnyOtherIsUnauthorized() {
    StringBuilder text = new StringBuilder(Vectors.KEY);
    for (int i = 0; i < text.length(); i++) {
      char original = text.charAt(i);
      for (char c = ' '; c <= '~'; c++) {
        if (c != original) {
          text.setCharAt(i, c);
          assertUnauthorized(text.toString());
        }
      }
      text.setCharAt(i, original);
    }
  }

  @Test
  void twoNeighboursExchangedAreUnauthorized() {
    for (int i = 0; i + 1 < Vectors.KEY.length(); i++) {
      StringBuilder text = new StringBuilder(Vectors.KEY);
      text.setCharAt(i, Vectors.KEY.charAt(i + 1));
      text.setCharAt(i + 1, Vectors.KEY.charAt(i));
      if (!text.toString().equals(Vectors.KEY)) {
        assertUnauthorized(text.toString());
      }
    }
  }

  @Test
  void aRightChecksumDoesNotMakeAKeyOfWrongParts() {
    assertUnauthorized(Vectors.checksummed("avk_" + "8" + "0".repeat(25) + "_" + "0".repeat(52)));
    assertUnauthorized(Vectors.checksummed("avk_" + "0".repeat(26) + "_" + "z".repeat(52)));
    assertUnauthorized(Vectors.checksummed("avk_" + "0".repeat(26) + "0" + "0".repeat(52)));
    assertUnauthorized(Vectors.checksummed("key_" + "0".repeat(26) + "_" + "0".repeat(52)));
    assertThat(AgentKey.parse(Vectors.checksummed("avk_" + "0".repeat(26) + "_" + "0".repeat(52))))
        .isNotNull();
  }

  @Test
  void aKeyNeverPrints() {
    assertThat(AgentKey.parse(Vectors.KEY)).hasToString("AgentKey[redacted]");
  }

  private static String text(AgentKey key) {
    return new String(key.text().expose(), US_ASCII);
  }

  private static void assertUnauthorized(String presented) {
    assertThatThrownBy(() -> AgentKey.parse(presented))
        .isInstanceOf(Unauthorized.class)
        .hasMessage(Unauthorized.MESSAGE);
  }
}
