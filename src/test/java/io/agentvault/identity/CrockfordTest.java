package io.agentvault.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrockfordTest {
  @Test
  void fiveBitsAreACharacterAndWhatIsOverIsOneMore() {
    assertThat(IntStream.of(1, 4, 5, 6, 10, 11).map(Crockford::length))
        .containsExactly(1, 1, 1, 2, 2, 3);
  }
}
