package io.agentvault.crypto;

import io.agentvault.problem.Tampered;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A key service that truly wraps: a data key comes out only with the context it was minted for, and
 * only from the very bytes that were minted. It counts what it is asked and can be taken down. Safe
 * for use by several threads.
 */
public final class FakeKeyService implements DataKeyMinter, DataKeyUnwrapper {
  private final WrappingKey key;
  private final List<KeyContext> minted = Collections.synchronizedList(new ArrayList<>());
  private final List<KeyContext> unwrapped = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean down;

  public FakeKeyService() {
    this(Randomness.secure().bytes(DATA_KEY_BYTES));
  }

  /** One that unwraps what another of the same key wrapped. */
  public FakeKeyService(byte[] wrappingKey) {
    key = new WrappingKey(wrappingKey);
  }

  @Override
  public byte[] mint(KeyContext context, Deadline deadline) {
    minted.add(context);
    begin(deadline);
    return key.wrap(context.encryptionContext(), Randomness.secure().bytes(DATA_KEY_BYTES));
  }

  @Override
  public Secret unwrap(KeyContext context, byte[] wrapped, Deadline deadline) {
    unwrapped.add(context);
    begin(deadline);
    return Secret.of(key.unwrap(context.encryptionContext(), wrapped).orElseThrow(Tampered::new));
  }

  /** How many data keys it was asked to make. */
  public int mints() {
    return minted.size();
  }

  /** How many data keys it was asked to unwrap, successfully or not. */
  public int unwraps() {
    return unwrapped.size();
  }

  /** The contexts of those unwraps, in order. */
  public List<KeyContext> unwrapContexts() {
    return List.copyOf(unwrapped);
  }

  /** While down, every call is {@link Unavailable}. */
  public void down(boolean isDown) {
    down = isDown;
  }

  private void begin(Deadline deadline) {
    deadline.remainingFor(KmsKey.SERVICE);
    deadline.roundTrips().count(KmsKey.SERVICE, Duration.ZERO);
    if (down) {
      throw new Unavailable(KmsKey.SERVICE, 1);
    }
  }
}
