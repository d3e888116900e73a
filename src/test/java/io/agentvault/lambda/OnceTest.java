package io.agentvault.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OnceTest {
  private final AtomicInteger made = new AtomicInteger();

  @Test
  void aValueIsMadeWhenItIsFirstAskedForAndThenKept() {
    Once<Integer> once = new Once<>(made::incrementAndGet);
    assertThat(made).hasValue(0);

    assertThat(once.get()).isEqualTo(1);
    assertThat(once.get()).isEqualTo(1);
    assertThat(made).hasValue(1);
  }

  @Test
  void aFailureIsNotKept() {
    Once<Integer> once =
        new Once<>(
            () -> {
              if (made.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
              }
              return made.get();
            });

    assertThatIllegalStateException().isThrownBy(once::get);
    assertThat(once.get()).isEqualTo(2);
  }
}
