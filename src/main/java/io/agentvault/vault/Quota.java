package io.agentvault.vault;

import io.agentvault.problem.QuotaExceeded;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How much one vault may hold.
 *
 * @param credentials at most so many
 * @param bytes at most so many sealed bytes in all of them together
 */
public record Quota(long credentials, long bytes) {
  private static final int MEBIBYTE_BITS = 20;

  /** What is in a vault, or what a write adds to it. */
  record Amount(long credentials, long bytes) {
    static final Amount NOTHING = new Amount(0, 0);

    /** What replacing one credential by another adds. */
    static Amount added(StoredCredential stored, Optional<StoredCredential> replaced) {
      return new Amount(
          replaced.isPresent() ? 0 : 1,
          stored.seals().bytes() - replaced.map(old -> old.seals().bytes()).orElse(0L));
    }

    /** What deleting it adds. */
    static Amount without(StoredCredential deleted) {
      return new Amount(-1, -deleted.seals().bytes());
    }

    Amount plus(Amount other) {
      return new Amount(credentials + other.credentials, bytes + other.bytes);
    }

    boolean isNothing() {
      return equals(NOTHING);
    }
  }

  /** Whether a vault with so much in it may take so much more. What takes away is never over it. */
  boolean admits(Amount held, Amount added) {
    Amount then = held.plus(added);
    return (added.credentials() <= 0 || then.credentials() <= credentials)
        && (added.bytes() <= 0 || then.bytes() <= bytes);
  }

  /** What to tell the caller whose store it does not admit. */
  QuotaExceeded exceeded(Amount held, Amount added) {
    return added.credentials() > 0 && held.plus(added).credentials() > credentials
        ? new QuotaExceeded("credentials", credentials)
        : new QuotaExceeded("sealed bytes", bytes);
  }

  /**
   * Until when a count is good enough to refuse by: counting reads the vault, so a large one is
   * counted at most once in as many seconds as it has mebibytes.
   */
  Instant goodUntil(Instant countedAt, Amount held) {
    return countedAt.plus(Duration.ofSeconds(Math.clamp(held.bytes(), 0, bytes) >> MEBIBYTE_BITS));
  }
}
