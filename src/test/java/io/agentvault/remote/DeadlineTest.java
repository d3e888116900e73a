package io.agentvault.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.Unavailable;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private final MutableClock clock = new MutableClock();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(3), clock);

  @Test
  void whatRemainsShrinksWithTimeAndIsNeverNegative() {
    clock.advance(Duration.ofSeconds(2));
    assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(1));

    clock.advance(Duration.ofSeconds(5));
    assertThat(deadline.remaining()).isEqualTo(Duration.ZERO);
  }

  @Test
  void whatTakesLongerThanWhatRemainsIsNotAllowed() {
    assertThat(deadline.allows(Duration.ofSeconds(3))).isTrue();
    assertThat(deadline.allows(Duration.ofSeconds(3).plusNanos(1))).isFalse();
  }

  @Test
  void aSpentDeadlineMakesTheServiceUnavailable() {
    clock.advance(Duration.ofSeconds(3));

    assertThatThrownBy(() -> deadline.remainingFor("storage"))
        .isInstanceOf(Unavailable.class)
        .hasMessage("the storage is not available");
  }

  @Test
  void eachInvocationCountsItsOwnRoundTrips() {
    deadline.roundTrips().count("storage", Duration.ofMillis(7));
    deadline.roundTrips().count("storage", Duration.ofMillis(2));

    assertThat(deadline.roundTrips().calls("storage")).isEqualTo(2);
    assertThat(deadline.roundTrips().duration("storage")).isEqualTo(Duration.ofMillis(9));
    assertThat(deadline.roundTrips().calls("key service")).isZero();
    assertThat(Deadline.after(Duration.ofSeconds(3), clock).roundTrips().calls("storage")).isZero();
  }
}
