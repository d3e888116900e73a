package io.agentvault.vault;

import static io.agentvault.vault.Contents.SEED;
import static io.agentvault.vault.Contents.custom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.identity.AgentKey;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Conflict;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.OneTimeCodes.BackupCode;
import io.agentvault.vault.OneTimeCodes.Code;
import io.agentvault.vault.OneTimeCodes.Period;
import io.agentvault.vault.OneTimeCodes.Wish;
import io.agentvault.vault.Precondition.None;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneTimeCodesTest {
  private static final Label LABEL = Label.parse("bank");
  private static final String EIGHT_DIGITS = "{'totp':{'secret':'" + SEED + "','digits':8}}";
  private static final String HOTP = "{'totp':'otpauth://hotp/x?secret=" + SEED + "&counter=%d'}";

  /** RFC 4226, appendix D. */
  private static final List<String> HOTP_CODES =
      List.of("755224", "287082", "359152", "969429", "338314", "254676");

  private final World world = new World();
  private final AgentKey key = world.agent();

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:59Z, 94287082, 1",
    "2005-03-18T01:58:29Z, 07081804, 1",
    "2005-03-18T01:58:31Z, 14050471, 29",
    "2009-02-13T23:31:30Z, 89005924, 30",
    "2033-05-18T03:33:20Z, 69279037, 10",
  })
  void theCodeIsThatOfRfc6238ForTheMomentOfTheCall(Instant at, String expected, int remaining) {
    world.clock.advance(Duration.between(world.clock.instant(), at));
    store(EIGHT_DIGITS);
    Code code = code();

    assertThat(code)
        .isEqualTo(
            new Code(
                expected,
                0,
                8,
                "SHA1",
                at,
                java.util.Optional.of(new Period(30, remaining, at.plusSeconds(remaining))),
                java.util.Optional.empty()));
    assertThat(code).hasToString("Code[redacted]");
  }

  @Test
  void aCredentialWithoutASeedIsABadRequestAndAnUnknownLabelNotFound() {
    assertThatThrownBy(this::code).isInstanceOf(NotFound.class);
    store("{'k':1}");
    assertThatThrownBy(this::code)
        .isInstanceOf(BadRequest.class)
        .hasMessage("label must name a credential with a totp seed");
  }

  @Test
  void withEnoughSecondsLeftNothingIsWaitedFor() {
    store(EIGHT_DIGITS);
    world.clock.advance(Duration.ofSeconds(20));

    assertThat(remaining(code(10, false))).isEqualTo(10);
    assertThat(world.waits).isEmpty();
  }

  @Test
  void withFewerSecondsLeftTheNextPeriodsCodeIsAnsweredAtOnceWithWhenItBegins() {
    store(EIGHT_DIGITS);
    world.clock.advance(Duration.ofMillis(21_250));
    Instant next = world.clock.instant().plusMillis(8_750);
    Code ahead = code(10, false);

    assertThat(world.waits).isEmpty();
    assertThat(ahead.validFrom()).contains(next);
    assertThat(ahead.period()).contains(new Period(30, 39, next.plusSeconds(30)));
    world.clock.advance(Duration.ofMillis(8_750));
    assertThat(code().code()).isEqualTo(ahead.code());
    assertThat(code().validFrom()).isEmpty();
  }

  @Test
  void aStepHandedOutAheadAsUniqueIsHandedOut() {
    store(EIGHT_DIGITS);
    world.clock.advance(Duration.ofSeconds(25));
    code(10, true);

    for (int minRemaining : new int[] {0, 10}) {
      assertThatThrownBy(() -> code(minRemaining, true))
          .isInstanceOf(Conflict.class)
          .hasMessageEndingWith("the next one comes in 35 seconds");
    }
    world.clock.advance(Duration.ofSeconds(35));
    assertThat(code(0, true).validFrom()).isEmpty();
  }

  @Test
  void askedToWaitTheNextPeriodIsWaitedForAndReadAnew() {
    store(EIGHT_DIGITS);
    world.table.reset();
    world.clock.advance(Duration.ofMillis(25_250));
    Code code = waitFor(10);

    assertThat(world.waits).containsExactly(Duration.ofMillis(4_750), Duration.ofMillis(10));
    assertThat(remaining(code)).isEqualTo(30);
    assertThat(code.validFrom()).isEmpty();
    assertThat(world.table.operations()).containsExactly("batchGetItem", "batchGetItem", "putItem");
  }

  @Test
  void aKeyRevokedDuringTheWaitGetsNoCode() {
    store(EIGHT_DIGITS);
    world.clock.advance(Duration.ofSeconds(25));
    world.duringWait.set(
        () -> world.revocation.revoke(world.operator, key.claimedId(), world.deadline()));

    assertThatThrownBy(() -> waitFor(10)).isInstanceOf(Unauthorized.class);
  }

  @Test
  void aPeriodShorterThanWhatIsAskedForIsWaitedForOnce() {
    store("{'totp':{'secret':'" + SEED + "','period':5}}");
    world.clock.advance(Duration.ofSeconds(1));

    assertThat(remaining(waitFor(15))).isEqualTo(5);
    assertThat(world.waits).containsExactly(Duration.ofSeconds(4), Duration.ofMillis(10));
  }

  @Test
  void aWaitOverFiveSecondsOrOverTheDeadlineIsUnavailableAtOnceAndSaysHowLong() {
    store(EIGHT_DIGITS);
    world.clock.advance(Duration.ofMillis(24_999));
    assertUnavailable(world.deadline(), 6);
    world.clock.advance(Duration.ofMillis(2));
    assertUnavailable(Deadline.after(Duration.ofMillis(5_998), world.clock), 5);
    assertThat(world.waits).isEmpty();

    assertThat(remaining(waitFor(15))).isEqualTo(30);
  }

  private void assertUnavailable(Deadline deadline, int retryAfterSeconds) {
    assertThatThrownBy(
            () -> world.codes().code(key, LABEL, new Wish(15, true, false, true), deadline))
        .isInstanceOfSatisfying(
            Unavailable.class, e -> assertThat(e.retryAfterSeconds()).isEqualTo(retryAfterSeconds))
        .hasMessage("the next code is not available");
  }

  @Test
  void aCountersCodeIsNotHadByACallThatClientsRepeat() {
    store(HOTP.formatted(1));

    for (int call = 0; call < 2; call++) {
      assertThatThrownBy(
              () ->
                  world
                      .codes()
                      .code(key, LABEL, new Wish(0, false, false, false), world.deadline()))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("POST");
    }
    assertThat(code().code()).as("nothing moved on").isEqualTo(HOTP_CODES.get(1));
  }

  @Test
  void aTimeStepIsHandedOutAsUniqueOnce() {
    store(EIGHT_DIGITS);
    world.clock.advance(Duration.ofSeconds(3));
    Code first = code(0, true);
    world.clock.advance(Duration.ofSeconds(7));

    assertThatThrownBy(() -> code(0, true))
        .isInstanceOf(Conflict.class)
        .hasMessage(
            "the code of this time step was handed out already; the next one comes in 20 seconds");
    assertThat(code(0, false).code()).as("not asked to be unique").isEqualTo(first.code());
    world.clock.advance(Duration.ofSeconds(20));
    assertThat(code(0, true).code()).isNotEqualTo(first.code());
  }

  @Test
  void aClockThatWasSetBackHandsOutNoOlderStepAsUnique() {
    store(EIGHT_DIGITS);
    code(0, true);
    world.clock.advance(Duration.ofSeconds(-90));

    assertThatThrownBy(() -> code(0, true)).isInstanceOf(Conflict.class);
  }

  @Test
  void ofTwoUniqueCodesAtOnceOneIsAConflict() {
    store(EIGHT_DIGITS);
    world.table.reset();
    world.table.before(2, () -> code(0, true));

    assertThatThrownBy(() -> code(0, true)).isInstanceOf(Conflict.class);
  }

  @Test
  void aStepHandedOutStaysSoWhenTheSameSeedIsStoredAgain() {
    store(EIGHT_DIGITS);
    code(0, true);
    store("{'note':'n'," + EIGHT_DIGITS.substring(1));
    assertThatThrownBy(() -> code(0, true)).isInstanceOf(Conflict.class);

    store("{'totp':'" + SEED.toLowerCase(java.util.Locale.ROOT) + "MZXW6YTB'}");
    assertThat(code(0, true).code()).as("another seed").hasSize(6);
  }

  @Test
  void usingACodeIsNoRevision() {
    store(EIGHT_DIGITS);
    code(0, true);

    assertThat(get().revision()).isEqualTo(1);
    assertThat(get().updatedAt()).isEqualTo(get().createdAt());
  }

  @Test
  void anHotpCounterMovesOnWithEveryCode() {
    store(HOTP.formatted(1));
    for (String expected : HOTP_CODES.subList(1, 6)) {
      Code code = code();
      assertThat(code.code()).isEqualTo(expected);
      assertThat(code.period()).isEmpty();
      assertThat(code.generatedAt()).isEqualTo(world.clock.instant());
      assertThat(code.digits()).isEqualTo(6);
      assertThat(code.algorithm()).isEqualTo("SHA1");
    }
  }

  @Test
  void twoHotpCodesAtOnceAreOfTwoCounters() {
    store(HOTP.formatted(1));
    world.table.reset();
    List<String> codes = new ArrayList<>();
    world.table.before(2, () -> codes.add(code().code()));
    codes.add(code().code());
    world.table.reset();
    world.table.before(2, () -> codes.add(code().code()));
    codes.add(code().code());

    assertThat(codes).isEqualTo(HOTP_CODES.subList(1, 5));
  }

  @Test
  void anHotpCounterGoesOnWhenTheSameSeedIsStoredAgainAndStartsWithAnother() {
    store(HOTP.formatted(1));
    code();
    store("{'note':'n'," + HOTP.formatted(1).substring(1));
    assertThat(code().code()).isEqualTo(HOTP_CODES.get(2));

    store(HOTP.formatted(0));
    assertThat(code().code()).as("another counter").isEqualTo(HOTP_CODES.get(0));
  }

  @Test
  void aRefusedOrFailedHotpCodeDoesNotMoveTheCounter() {
    store(HOTP.formatted(1));
    world.table.reset();
    world.table.fail(2, io.agentvault.identity.table.Faults.outage());
    assertThatThrownBy(this::code).isInstanceOf(Unavailable.class);

    assertThat(code().code()).isEqualTo(HOTP_CODES.get(1));
  }

  @Test
  void anHotpCodeKeepsAllOthersOfTheCredential() {
    store("{'k':'kept','backupCodes':['a','b']," + HOTP.formatted(1).substring(1));
    assertThat(code().backupCodesRemaining()).isEqualTo(2);
    useBackupCode();

    assertThat(code().code()).isEqualTo(HOTP_CODES.get(2));
    assertThat(code().backupCodesRemaining()).isEqualTo(1);
    assertThat(get().data().text("k")).contains("kept");
  }

  @Test
  void backupCodesAreHandedOutInOrderEachOnce() {
    store("{'backupCodes':['a','b'],'usedBackupCodes':['z'],'k':'kept'}");
    assertThat(useBackupCode()).isEqualTo(new BackupCode("a", 1));
    assertThat(get().data().expose().toString())
        .isEqualTo("{\"usedBackupCodes\":[\"z\",\"a\"],\"k\":\"kept\"}");
    assertThat(useBackupCode())
        .isEqualTo(new BackupCode("b", 0))
        .hasToString("BackupCode[redacted]");

    assertThatThrownBy(this::useBackupCode)
        .isInstanceOf(BadRequest.class)
        .hasMessage("label must name a credential with an unused backup code");
  }

  @Test
  void aBackupCodeIsARevisionButNoRotation() {
    Instant expiry = world.clock.instant().plusSeconds(3_600);
    world
        .vault()
        .store(
            key,
            LABEL,
            Contents.expiring("{'backupCodes':['a']}", expiry),
            new None(),
            world.deadline());
    var ttl = world.credentials(key.claimedId()).getFirst().get("ttl");
    world.clock.advance(Duration.ofSeconds(5));
    useBackupCode();

    assertThat(get().revision()).isEqualTo(2);
    assertThat(get().rotatedAt()).isEmpty();
    assertThat(get().updatedAt()).isEqualTo(world.clock.instant());
    assertThat(get().createdAt()).isEqualTo(world.clock.instant().minusSeconds(5));
    assertThat(get().expiresAt()).contains(expiry);
    assertThat(world.credentials(key.claimedId()).getFirst().get("ttl")).isEqualTo(ttl);
  }

  @Test
  void aBackupCodeKeepsTheUniqueStepAndTheCredentialsId() {
    store("{'backupCodes':['a']," + EIGHT_DIGITS.substring(1));
    String id = get().credentialId();
    code(0, true);
    useBackupCode();

    assertThatThrownBy(() -> code(0, true)).isInstanceOf(Conflict.class);
    assertThat(get().credentialId()).isEqualTo(id);
  }

  @Test
  void twoCallersAtOnceGetTwoDifferentBackupCodes() {
    store("{'backupCodes':['a','b','c']}");
    world.table.reset();
    List<String> codes = new ArrayList<>();
    world.table.before(2, () -> codes.add(useBackupCode().code()));
    codes.add(useBackupCode().code());

    assertThat(codes).containsExactly("a", "b");
    assertThat(useBackupCode()).isEqualTo(new BackupCode("c", 0));
  }

  @Test
  void ofTwoCallersOverTheLastBackupCodeOneIsRefused() {
    store("{'backupCodes':['a']}");
    world.table.reset();
    world.table.before(2, this::useBackupCode);

    assertThatThrownBy(this::useBackupCode).isInstanceOf(BadRequest.class);
  }

  @Test
  void aBackupCodeWhoseAnswerWasLostIsNotHandedOutAgain() {
    store("{'backupCodes':['a','b']}");
    world.table.reset();
    world.table.loseAnswer(2, io.agentvault.identity.table.Faults.timeout());
    assertThatThrownBy(this::useBackupCode).isInstanceOf(Unavailable.class);

    assertThat(useBackupCode().code()).isEqualTo("b");
  }

  @Test
  void aCredentialWithoutBackupCodesHasNoneAndAnUnknownLabelIsNotFound() {
    assertThatThrownBy(this::useBackupCode).isInstanceOf(NotFound.class);
    store("{'backupCodes':null}");
    assertThatThrownBy(this::useBackupCode).isInstanceOf(BadRequest.class);
  }

  @Test
  void usedBackupCodesThatWereStoredAsNullAreAnEmptyList() {
    store("{'backupCodes':['a'],'usedBackupCodes':null}");

    assertThat(useBackupCode()).isEqualTo(new BackupCode("a", 0));
    assertThat(get().data().expose().toString()).isEqualTo("{\"usedBackupCodes\":[\"a\"]}");
  }

  private void store(String data) {
    world.vault().store(key, LABEL, custom(data), new None(), world.deadline());
  }

  private Credential get() {
    return world.vault().get(key, LABEL, world.deadline());
  }

  private Code code() {
    return code(0, false);
  }

  private Code waitFor(int minRemaining) {
    return world
        .codes()
        .code(key, LABEL, new Wish(minRemaining, true, false, true), world.deadline());
  }

  private Code code(int minRemaining, boolean unique) {
    return world
        .codes()
        .code(key, LABEL, new Wish(minRemaining, false, unique, true), world.deadline());
  }

  private BackupCode useBackupCode() {
    return world.codes().useBackupCode(key, LABEL, world.deadline());
  }

  private static int remaining(Code code) {
    return code.period().orElseThrow().remainingSeconds();
  }
}
