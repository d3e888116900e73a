package io.agentvault.crypto;

import io.agentvault.problem.Tampered;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lends unwrapped data keys, and keeps those it has unwrapped for a while to save round trips to
 * KMS.
 *
 * <p><b>The cache never decides access.</b> It answers only to whoever presents the wrapped key,
 * which its caller has just read from the identity item, strongly consistent; a revoked identity
 * has none. An entry stands for exactly one identity and one wrapped key.
 *
 * <p>It is bounded in number (the key that was used longest ago goes first) and in age since the
 * key was unwrapped. Keys are wiped when they leave. Age is looked at on use: an instance that is
 * frozen between invocations keeps its keys in memory until it is thawed or ends.
 *
 * <p>Safe for use by several threads. Two that miss the same key at once both ask KMS, which is
 * harmless; neither waits for the other.
 */
public final class DataKeys {
  /** Enough for every identity that an instance is likely to serve within the age. */
  public static final int DEFAULT_MOST_KEYS = 1_000;

  private final DataKeyUnwrapper unwrapper;
  private final Clock clock;
  private final Duration mostAge;
  private final int mostKeys;

  // Least recently used first. Guarded by its own monitor, as is the wiping of what is in it.
  private final Map<Slot, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

  private record Slot(KeyContext context, String wrappedSha256) {}

  private record Kept(Secret dataKey, Instant since) {}

  /** Keeps at most {@value #DEFAULT_MOST_KEYS} keys. */
  public DataKeys(DataKeyUnwrapper unwrapper, Clock clock, Duration mostAge) {
    this(unwrapper, clock, mostAge, DEFAULT_MOST_KEYS);
  }

  /**
   * @param mostAge how long a key is kept after it was unwrapped; zero keeps none
   * @param mostKeys how many are kept, at least 1
   */
  public DataKeys(DataKeyUnwrapper unwrapper, Clock clock, Duration mostAge, int mostKeys) {
    if (mostAge.isNegative() || mostKeys < 1) {
      throw new IllegalArgumentException("the cache must keep at least 1 key for at least 0 s");
    }
    this.unwrapper = unwrapper;
    this.clock = clock;
    this.mostAge = mostAge;
    this.mostKeys = mostKeys;
  }

  /**
   * Lends the data key in {@code wrapped} to {@code use}. The borrower gets a copy, wiped when it
   * returns, so that no eviction can wipe a key in use; it must not keep it.
   *
   * @return what {@code use} returned
   * @throws Tampered when the key was not wrapped for this context by our KMS key
   * @throws Unavailable when KMS had to be asked and did not answer
   */
  public <T> T with(
      KeyContext context, byte[] wrapped, Deadline deadline, Function<Secret, T> use) {
    try (Secret borrowed = borrow(context, wrapped, deadline)) {
      return use.apply(borrowed);
    }
  }

  private Secret borrow(KeyContext context, byte[] wrapped, Deadline deadline) {
    if (mostAge.isZero()) {
      return unwrapper.unwrap(context, wrapped, deadline);
    }
    Slot slot = new Slot(context, sha256(wrapped));
    return copyOfKept(slot)
        .orElseGet(() -> keep(slot, unwrapper.unwrap(context, wrapped, deadline)));
  }

  private Optional<Secret> copyOfKept(Slot slot) {
    synchronized (kept) {
      wipeAged();
      return Optional.ofNullable(kept.get(slot)).map(found -> found.dataKey().copy());
    }
  }

  private Secret keep(Slot slot, Secret dataKey) {
    Secret copy = dataKey.copy();
    synchronized (kept) {
      @Nullable Kept replaced = kept.put(slot, new Kept(dataKey, clock.instant()));
      if (replaced != null) {
        replaced.dataKey().close();
      }
      if (kept.size() > mostKeys) {
        Iterator<Kept> leastRecentlyUsedFirst = kept.values().iterator();
        leastRecentlyUsedFirst.next().dataKey().close();
        leastRecentlyUsedFirst.remove();
      }
    }
    return copy;
  }

  // All of them and not only the one asked for: a key nobody asks for again has to go as well.
  private void wipeAged() {
    Instant now = clock.instant();
    kept.values()
        .removeIf(
            each -> {
              boolean aged = Duration.between(each.since(), now).compareTo(mostAge) >= 0;
              // A clock that was set back would otherwise make a key outlive its age.
              boolean fromTheFuture = each.since().isAfter(now);
              if (aged || fromTheFuture) {
                each.dataKey().close();
              }
              return aged || fromTheFuture;
            });
  }

  private static String sha256(byte[] wrapped) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(wrapped));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
