package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.Tampered;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What every pair of a minter and an unwrapper owes its callers. */
public abstract class KeyServiceContract {
  private static final KeyContext CONTEXT = new KeyContext("acme", "agent-1");

  /** Makes data keys. */
  protected abstract DataKeyMinter minter();

  /** Unwraps what {@link #minter()} made. */
  protected abstract DataKeyUnwrapper unwrapper();

  @Test
  void aMintedKeyUnwrapsToTheSame32BytesEachTime() {
    byte[] wrapped = minter().mint(CONTEXT, inTime());

    Secret dataKey = unwrapper().unwrap(CONTEXT, wrapped, inTime());
    assertThat(dataKey.length()).isEqualTo(DataKeyUnwrapper.DATA_KEY_BYTES);
    assertThat(unwrapper().unwrap(CONTEXT, wrapped, inTime())).isEqualTo(dataKey);
  }

  @Test
  void everyMintedKeyIsAnother() {
    byte[] one = minter().mint(CONTEXT, inTime());
    byte[] other = minter().mint(CONTEXT, inTime());

    assertThat(one).isNotEqualTo(other);
    assertThat(unwrapper().unwrap(CONTEXT, one, inTime()))
        .isNotEqualTo(unwrapper().unwrap(CONTEXT, other, inTime()));
  }

  @Test
  void closingAnUnwrappedKeyLeavesTheNextOneWhole() {
    byte[] wrapped = minter().mint(CONTEXT, inTime());
    unwrapper().unwrap(CONTEXT, wrapped, inTime()).close();

    assertThat(unwrapper().unwrap(CONTEXT, wrapped, inTime()).expose()).isNotEqualTo(new byte[32]);
  }

  @Test
  void aKeyOfAnotherIdentityIsTampered() {
    byte[] wrapped = minter().mint(CONTEXT, inTime());

    assertTampered(new KeyContext("acme", "agent-2"), wrapped);
  }

  @Test
  void aKeyOfAnotherTenantIsTampered() {
    byte[] wrapped = minter().mint(CONTEXT, inTime());

    assertTampered(new KeyContext("other", "agent-1"), wrapped);
    assertTampered(new KeyContext("agent-1", "acme"), wrapped);
  }

  @Test
  void aWrappedKeyChangedOrCutIsTampered() {
    byte[] wrapped = minter().mint(CONTEXT, inTime());
    byte[] changed = wrapped.clone();
    changed[wrapped.length - 1] ^= 1;

    assertTampered(CONTEXT, changed);
    assertTampered(CONTEXT, Arrays.copyOf(wrapped, wrapped.length - 1));
    assertTampered(CONTEXT, new byte[0]);
    assertTampered(CONTEXT, new byte[6145]);
  }

  @Test
  void aSpentDeadlineIsUnavailableAndCallsNothing() {
    byte[] wrapped = minter().mint(CONTEXT, inTime());
    Deadline spent = Deadline.after(Duration.ZERO, Clock.systemUTC());

    assertThatThrownBy(() -> minter().mint(CONTEXT, spent)).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> unwrapper().unwrap(CONTEXT, wrapped, spent))
        .isInstanceOf(Unavailable.class);
    assertThat(spent.roundTrips().calls("key service")).isZero();
  }

  @Test
  void callsAreCounted() {
    Deadline deadline = inTime();
    byte[] wrapped = minter().mint(CONTEXT, deadline);
    unwrapper().unwrap(CONTEXT, wrapped, deadline);

    assertThat(deadline.roundTrips().calls("key service")).isEqualTo(2);
  }

  private void assertTampered(KeyContext context, byte[] wrapped) {
    assertThatThrownBy(() -> unwrapper().unwrap(context, wrapped, inTime()))
        .isInstanceOf(Tampered.class)
        .hasNoCause();
  }

  private static Deadline inTime() {
    return Deadline.after(Duration.ofSeconds(30), Clock.systemUTC());
  }
}
