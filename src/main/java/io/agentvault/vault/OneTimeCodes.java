package io.agentvault.vault;

import io.agentvault.identity.Bearer;
import io.agentvault.identity.Scope;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Conflict;
import io.agentvault.problem.Expired;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.totp.CounterCode;
import io.agentvault.totp.Otp;
import io.agentvault.totp.TimedCode;
import io.agentvault.vault.CredentialStore.Outcome;
import io.agentvault.vault.StoredCredential.Times;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Codes without the seed, and backup codes one at a time. */
public final class OneTimeCodes {
  /** The most seconds a caller may ask to be left. */
  public static final int MAXIMUM_MIN_REMAINING_SECONDS = 15;

  /** Nobody parks our instances. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final CredentialStore store;
  private final Access access;
  private final Keyring keyring;
  private final Backoff.Pause pause;
  private final Clock clock;

  OneTimeCodes(
      CredentialStore store, Access access, Keyring keyring, Backoff.Pause pause, Clock clock) {
    this.store = store;
    this.access = access;
    this.keyring = keyring;
    this.pause = pause;
    this.clock = clock;
  }

  /**
   * What is asked of a code.
   *
   * @param minRemainingSeconds with fewer seconds left, it is the next period's
   * @param waits whether the next period is waited for rather than answered ahead
   * @param unique whether a time step that was handed out so is refused
   * @param mayAdvance whether a counter may move on, which a call that clients repeat must not
   */
  public record Wish(int minRemainingSeconds, boolean waits, boolean unique, boolean mayAdvance) {}

  /** The code of this moment, of the next period, or of the next counter. */
  public Code code(Bearer bearer, Label label, Wish wish, Deadline deadline) {
    boolean[] waited = {false};
    return access.change(
        bearer,
        Operation.read("vault.totp", label, Scope.VAULT_TOTP, Scope.VAULT_READ, Scope.VAULT_USE),
        deadline,
        (entered, tries) -> {
          Opened opened = open(entered, deadline);
          Otp otp =
              opened
                  .content()
                  .otp()
                  .orElseThrow(
                      () -> new BadRequest("label", "must name a credential with a totp seed"));
          int backupCodes = opened.content().backupCodes().size();
          return switch (otp) {
            case Otp.Hotp hotp -> counted(opened, hotp, backupCodes, wish, deadline);
            case Otp.Timed timed -> {
              TimedCode code = timed.at(clock.instant());
              boolean late = code.remainingSeconds() < wish.minRemainingSeconds() && !waited[0];
              if (late && wish.waits()) {
                waited[0] = true;
                waitFor(code.expiresAt(), deadline);
                yield Optional.empty(); // read anew: the key may have been revoked meanwhile
              }
              Code answer =
                  late
                      ? Code.ahead(timed.at(code.expiresAt()), clock.instant(), backupCodes)
                      : Code.of(code, backupCodes);
              yield wish.unique()
                  ? claimed(
                      opened, timed, late ? code.timeStep() + 1 : code.timeStep(), answer, deadline)
                  : read(entered, answer);
            }
          };
        });
  }

  private static Optional<Code> read(Entered entered, Code answer) {
    entered.recordDone();
    return Optional.of(answer);
  }

  private void waitFor(Instant instant, Deadline deadline) {
    Duration wait = Duration.between(clock.instant(), instant);
    if (wait.compareTo(LONGEST_WAIT) > 0 || !deadline.allows(wait.plus(Duration.ofSeconds(1)))) {
      throw new Unavailable("next code", Math.toIntExact(wait.toSeconds()) + 1);
    }
    pause.sleep(wait);
  }

  private Optional<Code> claimed(
      Opened opened, Otp.Timed timed, long step, Code code, Deadline deadline) {
    StoredCredential stored = opened.stored();
    if (stored.otpStep().isPresent() && stored.otpStep().getAsLong() >= step) {
      long free = (stored.otpStep().getAsLong() + 1) * timed.periodSeconds();
      throw new Conflict(
          "the code of this time step was handed out already; the next one comes in "
              + (free - clock.instant().getEpochSecond())
              + " seconds");
    }
    Outcome outcome =
        store.claimStep(
            opened.entered().agent(), stored, step, List.of(opened.entered().change()), deadline);
    return outcome == Outcome.DONE ? Optional.of(code) : Optional.empty();
  }

  private Optional<Code> counted(
      Opened opened, Otp.Hotp hotp, int backupCodes, Wish wish, Deadline deadline) {
    if (!wish.mayAdvance()) {
      throw new BadRequest(
          "label",
          "must name a seed whose codes change with time: a counter's code is had by POST, because"
              + " each one moves it on");
    }
    StoredCredential stored = opened.stored();
    long counter = stored.otpCounter().orElse(hotp.counter());
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Outcome outcome =
        store.claimCounter(
            opened.entered().agent(),
            stored,
            counter,
            List.of(opened.entered().change()),
            deadline);
    return outcome == Outcome.DONE
        ? Optional.of(Code.of(hotp.at(counter), now, backupCodes))
        : Optional.empty();
  }

  /** One backup code that nobody was given before; it moves to the used ones. */
  public BackupCode useBackupCode(Bearer bearer, Label label, Deadline deadline) {
    return access.change(
        bearer,
        Operation.change("vault.useBackupCode", label, Scope.VAULT_WRITE),
        deadline,
        (entered, tries) -> {
          Opened opened = open(entered, deadline);
          Content content = opened.content();
          if (!content.isReadable()) {
            throw Forbidden.because("the credential can be used, not read");
          }
          if (content.backupCodes().isEmpty()) {
            throw new BadRequest("label", "must name a credential with an unused backup code");
          }
          Content next = content.withFirstBackupCodeUsed();
          StoredCredential stored = opened.stored();
          StoredCredential replacement = reseal(opened, next, deadline);
          Outcome outcome =
              store.rewrite(
                  entered.agent(), replacement, stored, List.of(entered.change()), deadline);
          return outcome == Outcome.DONE
              ? Optional.of(
                  new BackupCode(content.backupCodes().getFirst(), next.backupCodes().size()))
              : Optional.empty();
        });
  }

  private StoredCredential reseal(Opened opened, Content content, Deadline deadline) {
    StoredCredential old = opened.stored();
    long revision = old.revision() + 1;
    Times times =
        new Times(
            old.times().createdAt(),
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            old.times().rotatedAt(),
            old.times().timeToLive());
    Seals seals =
        keyring.with(
            opened.entered().agent(),
            deadline,
            unlocked -> unlocked.seal(old.label(), old.credentialId(), content, revision));
    return new StoredCredential(
        old.label(), old.credentialId(), seals, revision, times, old.otpStep(), old.otpCounter());
  }

  private Opened open(Entered entered, Deadline deadline) {
    StoredCredential stored = entered.found();
    Content content = keyring.with(entered.agent(), deadline, unlocked -> unlocked.open(stored));
    if (content.isExpired(clock.instant())) {
      throw new Expired();
    }
    return new Opened(entered, stored, content);
  }

  private record Opened(Entered entered, StoredCredential stored, Content content) {}

  /**
   * A one-time code.
   *
   * @param code 5 to 8 characters
   * @param backupCodesRemaining how many backup codes are unused
   * @param digits the number of characters
   * @param algorithm SHA1, SHA256 or SHA512
   * @param generatedAt when it was made
   * @param period how long it is good for; absent for a counter's code
   * @param validFrom when it begins to be good, if that is still to come
   */
  public record Code(
      String code,
      int backupCodesRemaining,
      int digits,
      String algorithm,
      Instant generatedAt,
      Optional<Period> period,
      Optional<Instant> validFrom) {
    /** The next period's, before it begins. */
    static Code ahead(TimedCode code, Instant now, int backupCodes) {
      int remaining =
          Math.toIntExact(
              Duration.between(now, code.expiresAt()).plusNanos(999_999_999).toSeconds());
      return new Code(
          code.code(),
          backupCodes,
          code.digits(),
          code.algorithm().name(),
          now.truncatedTo(ChronoUnit.MILLIS),
          Optional.of(new Period(code.periodSeconds(), remaining, code.expiresAt())),
          Optional.of(code.expiresAt().minusSeconds(code.periodSeconds())));
    }

    static Code of(TimedCode code, int backupCodes) {
      return new Code(
          code.code(),
          backupCodes,
          code.digits(),
          code.algorithm().name(),
          code.generatedAt(),
          Optional.of(new Period(code.periodSeconds(), code.remainingSeconds(), code.expiresAt())),
          Optional.empty());
    }

    static Code of(CounterCode code, Instant now, int backupCodes) {
      return new Code(
          code.code(),
          backupCodes,
          code.digits(),
          code.algorithm().name(),
          now,
          Optional.empty(),
          Optional.empty());
    }

    @Override
    public String toString() {
      return "Code[redacted]";
    }
  }

  /**
   * The time that a code is good for.
   *
   * @param seconds its whole length
   * @param remainingSeconds to its end, 1 to {@code seconds}
   * @param expiresAt its end
   */
  public record Period(int seconds, int remainingSeconds, Instant expiresAt) {}

  /**
   * A backup code that was used up by handing it out.
   *
   * @param code as it was stored
   * @param remaining how many are left
   */
  public record BackupCode(String code, int remaining) {
    @Override
    public String toString() {
      return "BackupCode[redacted]";
    }
  }
}
