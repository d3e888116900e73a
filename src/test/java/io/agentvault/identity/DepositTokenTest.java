package io.agentvault.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.Unauthorized;
import io.agentvault.vault.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DepositTokenTest {
  private static final AgentId ID = new AgentId(Vectors.ID);
  private static final String DEPOSIT = Crockford.encode(World.seeded(5).bytes(16));
  private static final DepositToken TOKEN =
      DepositToken.of(ID, DEPOSIT, World.seeded(6).bytes(DepositToken.SECRET_BYTES));
  private static final String TEXT = text(TOKEN);

  private static String text(DepositToken token) {
    return new String(token.text().expose(), US_ASCII);
  }

  @Test
  void aTokenNamesItsIdentityAndItsDepositAndParsesToItself() {
    assertThat(TEXT).startsWith("avd_" + Vectors.ID + "_" + DEPOSIT + "_");
    assertThat(TOKEN.prefix()).isEqualTo("avd_" + Vectors.ID + "_" + DEPOSIT);

    DepositToken parsed = DepositToken.parse(TEXT);
    assertThat(text(parsed)).isEqualTo(TEXT);
    assertThat(parsed.claimedId()).isEqualTo(ID);
    assertThat(parsed.depositId()).isEqualTo(DEPOSIT);
    assertThat(parsed.hash()).isEqualTo(TOKEN.hash());
  }

  @Test
  void itDoesNotPrint() {
    assertThat(TOKEN).hasToString("DepositToken[redacted]");
  }

  @Test
  void aTokenCutOrLengthenedIsUnauthorized() {
    for (int length = 0; length < TEXT.length(); length++) {
      assertUnauthorized(TEXT.substring(0, length));
      assertUnauthorized(TEXT.substring(length + 1));
    }
    assertUnauthorized(TEXT + "0");
    assertUnauthorized("0" + TEXT);
  }

  /** No character of it may be another one that its alphabet lacks. */
  @ParameterizedTest
  @ValueSource(chars = {'u', 'U', '-', ' ', '\u00e9', '\u0000'})
  void aTokenWithACharacterThatNoneHasIsUnauthorized(char other) {
    for (int place = 0; place < TEXT.length(); place++) {
      StringBuilder changed = new StringBuilder(TEXT);
      changed.setCharAt(place, other);
      assertUnauthorized(changed.toString());
    }
  }

  /** 26 characters hold 130 bits, 52 hold 260: what is over is zero. */
  @Test
  void aSpellingWithMoreBitsThanThereAreIsUnauthorized() {
    int agent = "avd_".length();
    int deposit = agent + Vectors.ID.length() + 1;
    int secret = deposit + DEPOSIT.length() + 1;
    for (int place : new int[] {agent, deposit, secret}) {
      StringBuilder changed = new StringBuilder(TEXT);
      changed.setCharAt(place, 'z');
      assertUnauthorized(changed.toString());
    }
  }

  private static void assertUnauthorized(String text) {
    assertThatThrownBy(() -> DepositToken.parse(text))
        .isInstanceOf(Unauthorized.class)
        .hasMessage(Unauthorized.MESSAGE);
  }
}
