package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.Tampered;
import io.agentvault.problem.Unavailable;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DataKeysTest extends DataKeysScene {
  @Test
  void aKeyIsUnwrappedOnceWhileItIsKept() {
    DataKeys keys = keeping(AGE, 10);
    Agent agent = agent(1);
    Secret first = keys.with(agent.context(), agent.wrapped(), deadline, Secret::copy);
    Secret second = keys.with(agent.context(), agent.wrapped(), deadline, Secret::copy);

    assertThat(service.unwraps()).isEqualTo(1);
    assertThat(second).isEqualTo(first).isEqualTo(trueKey(agent));
  }

  @Test
  void aKeyIsUnwrappedAgainOnceItHasReachedItsAgeAndTheOldOneIsWiped() {
    DataKeys keys = keeping(AGE, 10);
    Agent agent = agent(1);
    use(keys, agent);
    clock.advance(AGE.minusMillis(1));
    use(keys, agent);
    assertThat(service.unwraps()).isEqualTo(1);

    clock.advance(Duration.ofMillis(1));
    use(keys, agent);
    assertThat(service.unwraps()).isEqualTo(2);
    assertWiped(unwrapper.given(0));
  }

  @Test
  void useDoesNotProlongTheAge() {
    DataKeys keys = keeping(AGE, 10);
    Agent agent = agent(1);
    for (int minute = 0; minute < 5; minute++) {
      use(keys, agent);
      clock.advance(Duration.ofMinutes(1));
    }
    use(keys, agent);
    assertThat(service.unwraps()).isEqualTo(2);
  }

  @Test
  void anAgedKeyIsWipedThoughOnlyOthersAreAskedFor() {
    DataKeys keys = keeping(AGE, 10);
    use(keys, agent(1));
    clock.advance(AGE);
    use(keys, agent(2));

    assertWiped(unwrapper.given(0));
    assertThat(unwrapper.given(1).expose()).hasSize(32);
  }

  @Test
  void aClockSetBackKeepsNoKeyLonger() {
    DataKeys keys = keeping(AGE, 10);
    Agent agent = agent(1);
    use(keys, agent);
    clock.advance(Duration.ofHours(-1));
    use(keys, agent);

    assertThat(service.unwraps()).isEqualTo(2);
    assertWiped(unwrapper.given(0));
  }

  @Test
  void theKeyUsedLongestAgoIsWipedWhenThereAreTooMany() {
    DataKeys keys = keeping(AGE, 2);
    Agent one = agent(1);
    Agent two = agent(2);
    use(keys, one);
    use(keys, two);
    use(keys, one);
    use(keys, agent(3));

    assertWiped(unwrapper.given(1));
    assertThat(unwrapper.given(0).expose()).hasSize(32);
    use(keys, one);
    assertThat(service.unwraps()).isEqualTo(3);
    use(keys, two);
    assertThat(service.unwraps()).isEqualTo(4);
  }

  @Test
  void neverMoreKeysAreKeptThanAllowed() {
    DataKeys keys = keeping(AGE, 7);
    for (int each = 0; each < 50; each++) {
      use(keys, agent(each));
    }
    assertThat(unwrapper.givenInAll()).isEqualTo(50);
    assertThat(unwrapper.stillWhole()).isEqualTo(7);
  }

  @Test
  void ageZeroKeepsNothing() {
    DataKeys keys = keeping(Duration.ZERO, 10);
    Agent agent = agent(1);
    use(keys, agent);
    use(keys, agent);

    assertThat(service.unwraps()).isEqualTo(2);
    assertThat(unwrapper.givenInAll()).isEqualTo(2);
    assertThat(unwrapper.stillWhole()).isZero();
  }

  @Test
  void anotherWrappedKeyOfTheSameIdentityIsAnotherKey() {
    DataKeys keys = keeping(AGE, 10);
    Agent before = agent(1);
    Agent after = agent(1);
    Secret one = keys.with(before.context(), before.wrapped(), deadline, Secret::copy);
    Secret other = keys.with(after.context(), after.wrapped(), deadline, Secret::copy);

    assertThat(service.unwraps()).isEqualTo(2);
    assertThat(one).isEqualTo(trueKey(before)).isNotEqualTo(other);
    assertThat(other).isEqualTo(trueKey(after));
  }

  @Test
  void aKeptKeyIsNotGivenForAnotherIdentityOrTenant() {
    DataKeys keys = keeping(AGE, 10);
    Agent agent = agent(1);
    use(keys, agent);

    assertThatThrownBy(
            () ->
                keys.with(
                    new KeyContext("acme", "agent-2"), agent.wrapped(), deadline, Secret::copy))
        .isInstanceOf(Tampered.class);
    assertThatThrownBy(
            () ->
                keys.with(
                    new KeyContext("other", "agent-1"), agent.wrapped(), deadline, Secret::copy))
        .isInstanceOf(Tampered.class);
  }

  @Test
  void ofTwoThatMissTheSameKeyAtOnceTheFirstOnesKeyIsWipedForTheSecondOnes() {
    Agent agent = agent(1);
    AtomicReference<DataKeys> keys = new AtomicReference<>();
    DataKeyUnwrapper overtaken =
        (context, wrapped, limit) -> {
          if (service.unwraps() == 0) {
            // Another caller misses and is done while this one still waits for the key service.
            Secret first = unwrapper.unwrap(context, wrapped, limit);
            assertThat(use(keys.get(), agent)).isTrue();
            return first;
          }
          return unwrapper.unwrap(context, wrapped, limit);
        };
    keys.set(new DataKeys(overtaken, clock, AGE));

    assertThat(use(keys.get(), agent)).isTrue();
    assertThat(unwrapper.givenInAll()).isEqualTo(2);
    assertThat(unwrapper.stillWhole()).isEqualTo(1);
    assertThat(use(keys.get(), agent)).isTrue();
    assertThat(service.unwraps()).isEqualTo(2);
  }

  @Test
  void aFailedUnwrapIsNotKept() {
    DataKeys keys = keeping(AGE, 10);
    Agent agent = agent(1);
    service.down(true);
    assertThatThrownBy(() -> use(keys, agent)).isInstanceOf(Unavailable.class);

    service.down(false);
    assertThat(use(keys, agent)).isTrue();
  }

  @Test
  void aKeptKeyIsGivenWhileTheKeyServiceIsDown() {
    DataKeys keys = keeping(AGE, 10);
    Agent agent = agent(1);
    use(keys, agent);
    service.down(true);

    assertThat(use(keys, agent)).isTrue();
  }

  @Test
  void boundsThatKeepNothingByMistakeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> keeping(AGE, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> keeping(Duration.ofSeconds(-1), 1));
  }
}
