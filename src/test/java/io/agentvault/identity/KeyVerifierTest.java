package io.agentvault.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class KeyVerifierTest {
  private final KeyVerifier verifier = KeyVerifier.of(AgentKey.parse(Vectors.KEY));

  @Test
  void aVerifierMatchesItsKeyThroughStorage() {
    assertThat(KeyVerifier.stored(verifier.hash(), 0).matches(verifier)).isTrue();
  }

  @Test
  void aVerifierWithAnyBitFlippedDoesNotMatch() {
    for (int bit = 0; bit < 256; bit++) {
      byte[] hash = verifier.hash();
      hash[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(KeyVerifier.stored(hash, 0).matches(verifier)).isFalse();
    }
  }

  @Test
  void onlyThirtyTwoBytesAreAVerifier() {
    for (int length : new int[] {0, 31, 33}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> KeyVerifier.stored(new byte[length], 0))
          .withMessage("a verifier is 32 bytes");
    }
  }

  @Test
  void changingWhatItGaveOutOrWasGivenChangesNothing() {
    byte[] given = verifier.hash();
    KeyVerifier stored = KeyVerifier.stored(given, 0);
    given[0]++;
    stored.hash()[0]++;

    assertThat(stored.matches(verifier)).isTrue();
  }
}
