package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyContextTest {
  @Test
  void theEncryptionContextHoldsTheTwoIdsAndNothingElse() {
    assertThat(new KeyContext("acme", "agent-1").encryptionContext())
        .isEqualTo(Map.of("tenant", "acme", "identity", "agent-1"));
  }

  @Test
  void anEmptyIdIsNoContext() {
    assertThatIllegalArgumentException().isThrownBy(() -> new KeyContext("", "agent-1"));
    assertThatIllegalArgumentException().isThrownBy(() -> new KeyContext("acme", ""));
  }
}
