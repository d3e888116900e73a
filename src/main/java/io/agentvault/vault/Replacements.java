package io.agentvault.vault;

import io.agentvault.crypto.Randomness;
import io.agentvault.problem.Tampered;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.StoredCredential.Times;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What a store puts in the place of what was there: its id, revision and times, and its seals. */
final class Replacements {
  private final Keyring keyring;
  private final Randomness randomness;
  private final Clock clock;

  Replacements(Keyring keyring, Randomness randomness, Clock clock) {
    this.keyring = keyring;
    this.randomness = randomness;
    this.clock = clock;
  }

  /**
   * What takes the place of what was read.
   *
   * @param mayKeep whether a placeholder stands for what was stored
   */
  Replacement of(
      Entered entered,
      Label label,
      Content content,
      Precondition precondition,
      boolean mayKeep,
      Deadline deadline) {
    return keyring.with(
        entered.agent(),
        deadline,
        unlocked -> {
          Optional<Before> before =
              entered
                  .credential()
                  .map(old -> new Before(old, openable(unlocked, old)))
                  .filter(old -> !countsAsAbsent(old, precondition));
          precondition.check(before.map(old -> old.stored().etag()));
          Content completed =
              Kept.completed(content, before.filter(old -> mayKeep).flatMap(Before::content));
          keyring.checkSize(completed);
          return replacement(unlocked, label, completed, before);
        });
  }

  /** An expired credential keeps nobody from creating one anew. */
  private boolean countsAsAbsent(Before before, Precondition precondition) {
    return precondition instanceof Precondition.Absent
        && before.content().filter(content -> content.isExpired(now())).isPresent();
  }

  private Replacement replacement(
      Keyring.Unlocked unlocked, Label label, Content content, Optional<Before> before) {
    Instant now = now();
    Optional<StoredCredential> old = before.map(Before::stored);
    Optional<Content> oldContent = before.flatMap(Before::content);
    boolean sameData = oldContent.map(Content::data).filter(content.data()::equals).isPresent();
    String id = old.map(StoredCredential::credentialId).orElseGet(this::newId);
    long revision = old.map(StoredCredential::revision).orElse(0L) + 1;
    Times times =
        new Times(
            old.map(each -> each.times().createdAt()).orElse(now),
            now,
            old.isEmpty() || sameData
                ? old.flatMap(each -> each.times().rotatedAt())
                : Optional.of(now),
            content.expiresAt());
    return new Replacement(
        new StoredCredential(
            label,
            id,
            unlocked.seal(label, id, content, revision),
            revision,
            times,
            OptionalLong.empty(),
            OptionalLong.empty()),
        content,
        oldContent.map(Content::otp).filter(content.otp()::equals).isPresent());
  }

  /** What a damaged credential held is lost; storing over it is how its owner mends it. */
  private static Optional<Content> openable(Keyring.Unlocked unlocked, StoredCredential old) {
    try {
      return Optional.of(unlocked.open(old));
    } catch (Tampered e) {
      return Optional.empty();
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private String newId() {
    ByteBuffer bytes = ByteBuffer.wrap(randomness.bytes(2 * Long.BYTES));
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  /** What a store replaces; without content where it was damaged. */
  private record Before(StoredCredential stored, Optional<Content> content) {}

  /**
   * What is to be written.
   *
   * @param sameSeed whether codes are still those of the seed before
   */
  record Replacement(StoredCredential credential, Content content, boolean sameSeed) {}
}
