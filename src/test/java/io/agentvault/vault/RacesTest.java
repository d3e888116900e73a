package io.agentvault.vault;

import static io.agentvault.vault.Contents.SEED;
import static io.agentvault.vault.Contents.custom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.identity.AgentKey;
import io.agentvault.identity.Identities.Change;
import io.agentvault.identity.Scope;
import io.agentvault.identity.table.Faults;
import io.agentvault.problem.Conflict;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.Precondition.Absent;
import io.agentvault.vault.Precondition.None;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens between a call's read and its write. */
class RacesTest {
  private static final Label LABEL = Label.parse("bank");
  private static final int WRITE = 2; // a call's first is its read

  private final World world = new World();
  private final Vault vault = world.vault();
  private final AgentKey key = world.agent();

  @Test
  void everyWriteOvertakenByARevocationIsUnauthorizedAndWritesNothing() {
    String data = "{'backupCodes':['a'],'totp':'" + SEED + "'}";
    String counted =
        "{'totp':'otpauth://hotp/x?secret=" + SEED + "&counter=1','backupCodes':['a']}";
    assertNothingWritten("{}", (world, key) -> storeIn(world, key, "{'k':1}"));
    assertNothingWritten(
        "{}", (world, key) -> world.vault().delete(key, LABEL, new None(), world.deadline()));
    assertNothingWritten(
        data,
        (world, key) ->
            world
                .codes()
                .code(key, LABEL, new OneTimeCodes.Wish(0, false, true, true), world.deadline()));
    assertNothingWritten(
        counted,
        (world, key) ->
            world
                .codes()
                .code(key, LABEL, new OneTimeCodes.Wish(0, false, false, true), world.deadline()));
    assertNothingWritten(
        data, (world, key) -> world.codes().useBackupCode(key, LABEL, world.deadline()));
  }

  private interface Call {
    void in(World world, AgentKey key);
  }

  private static void assertNothingWritten(String data, Call call) {
    World world = new World();
    AgentKey key = world.agent();
    storeIn(world, key, data);
    world.table.reset();
    world.table.before(
        WRITE, () -> world.revocation.revoke(world.operator, key.claimedId(), world.deadline()));

    assertThatThrownBy(() -> call.in(world, key)).isInstanceOf(Unauthorized.class);
    assertThat(world.table.isPlayedOut()).isTrue();
    assertThat(world.partition(key.claimedId())).isEmpty();
  }

  private static void storeIn(World world, AgentKey key, String data) {
    world.vault().store(key, LABEL, custom(data), new None(), world.deadline());
  }

  @Test
  void aStoreOvertakenByARotationWithoutGraceIsUnauthorizedAndWritesNothing() {
    world.table.before(WRITE, () -> rotate(Duration.ZERO));

    assertThatThrownBy(() -> store("{}")).isInstanceOf(Unauthorized.class);
    assertThat(world.credentials(key.claimedId())).isEmpty();
  }

  @Test
  void aStoreOvertakenByARotationWithGraceGoesThrough() {
    world.table.before(WRITE, () -> rotate(Duration.ofMinutes(1)));

    assertThat(store("{'k':1}").revision()).isEqualTo(1);
    assertThat(world.table.operations())
        .containsExactly(
            "batchGetItem", "transactWriteItems", "batchGetItem", "transactWriteItems");
  }

  @Test
  void aStoreWhoseScopeIsTakenAwayMeanwhileIsForbiddenAndWritesNothing() {
    world.table.before(
        WRITE,
        () ->
            world.identities.update(
                world.operator,
                key.claimedId(),
                new Change(Optional.empty(), Set.of(), Set.of(Scope.VAULT_WRITE)),
                world.deadline()));

    assertThatThrownBy(() -> store("{}")).isInstanceOf(Forbidden.class);
    assertThat(world.credentials(key.claimedId())).isEmpty();
  }

  @Test
  void twoStoresAtOnceBothCountAndTheLaterOneStays() {
    world.table.before(WRITE, () -> store("{'k':'other'}"));
    Credential stored = store("{'k':'mine'}");

    assertThat(stored.revision()).isEqualTo(2);
    assertThat(get().data().text("k")).contains("mine");
    assertThat(get().rotatedAt()).isPresent();
    assertThat(world.waits).containsExactly(Duration.ofMillis(10));
  }

  @Test
  void twoStoresOverACredentialAtOnceLoseNoRevision() {
    store("{'k':0}");
    world.table.reset();
    world.table.before(WRITE, () -> store("{'k':'other'}"));

    assertThat(store("{'k':'mine'}").revision()).isEqualTo(3);
  }

  @Test
  void ofTwoCreationsAtOnceOneIsAConflict() {
    world.table.before(WRITE, () -> store("{'k':'other'}"));

    assertThatThrownBy(() -> vault.store(key, LABEL, custom("{}"), new Absent(), world.deadline()))
        .isInstanceOf(Conflict.class);
    assertThat(get().data().text("k")).contains("other");
  }

  @Test
  void ofTwoUpdatesOfOneRevisionAtOnceOneIsAConflict() {
    Precondition first = new Precondition.Exactly(store("{'k':0}").etag());
    world.table.reset();
    world.table.before(WRITE, () -> store("{'k':'other'}"));

    assertThatThrownBy(() -> vault.store(key, LABEL, custom("{}"), first, world.deadline()))
        .isInstanceOf(Conflict.class);
    assertThat(get().data().text("k")).contains("other");
  }

  @Test
  void aStoreOvertakenByADeleteStartsTheLabelAnew() {
    Credential first = store("{'k':0}");
    world.table.reset();
    world.table.before(WRITE, () -> delete(new None()));
    Credential stored = store("{'k':1}");

    assertThat(stored.revision()).isEqualTo(1);
    assertThat(stored.credentialId()).isNotEqualTo(first.credentialId());
    assertThat(get()).isEqualTo(stored);
  }

  @Test
  void aDeleteOfARevisionOvertakenByAStoreIsAConflictAndDeletesNothing() {
    Precondition first = new Precondition.Exactly(store("{'k':0}").etag());
    world.table.reset();
    world.table.before(WRITE, () -> store("{'k':1}"));

    assertThatThrownBy(() -> delete(first)).isInstanceOf(Conflict.class);
    assertThat(get().revision()).isEqualTo(2);
  }

  @Test
  void aDeleteOvertakenByAStoreOrADeleteIsDecidedByWhatIsThereThen() {
    store("{'k':0}");
    world.table.reset();
    world.table.before(WRITE, () -> store("{'k':1}"));
    delete(new None());
    assertThatThrownBy(this::get).isInstanceOf(NotFound.class);

    store("{'k':2}");
    world.table.reset();
    world.table.before(WRITE, () -> delete(new None()));
    assertThatThrownBy(() -> delete(new None())).isInstanceOf(NotFound.class);
  }

  @Test
  void aTransactionThatLostToAnotherIsTriedAgainWithoutANewRead() {
    for (RuntimeException lost :
        List.of(
            Faults.conflict(),
            Faults.cancelled("TransactionConflict", "None"),
            Faults.cancelled("None", "ThrottlingError"),
            Faults.cancelled("ProvisionedThroughputExceeded", "None"),
            Faults.inProgress())) {
      world.table.reset();
      world.table.fail(WRITE, lost);
      long before = store("{'k':1}").revision();
      assertThat(world.table.operations())
          .containsExactly("batchGetItem", "transactWriteItems", "transactWriteItems");
      assertThat(get().revision()).isEqualTo(before);
    }
  }

  @Test
  void waitsBetweenTriesGrowAndEndAsUnavailable() {
    for (int call = WRITE; call < 300; call++) {
      world.table.fail(call, Faults.conflict());
    }
    assertThatThrownBy(() -> store("{}")).isInstanceOf(Unavailable.class);

    assertThat(world.waits.subList(0, 6))
        .containsExactly(
            Duration.ofMillis(10),
            Duration.ofMillis(20),
            Duration.ofMillis(40),
            Duration.ofMillis(80),
            Duration.ofMillis(160),
            Duration.ofMillis(250));
    assertThat(world.waits.stream().reduce(Duration.ZERO, Duration::plus))
        .isLessThan(Duration.ofSeconds(8));
    assertThat(world.credentials(key.claimedId())).isEmpty();
  }

  @Test
  void aStoreThatOthersKeepOvertakingIsUnavailableInTheEnd() {
    for (int call = WRITE; call < 400; call += 2) {
      world.table.before(call, () -> store("{'k':'other'}"));
    }

    assertThatThrownBy(() -> store("{'k':'mine'}"))
        .isInstanceOf(Unavailable.class)
        .hasMessage("the storage is not available");
    assertThat(get().data().text("k")).contains("other");
  }

  @Test
  void aDeadlineThatComesBeforeTheLastTryIsUnavailableToo() {
    for (int call = WRITE; call < 300; call++) {
      world.table.fail(call, Faults.conflict());
    }
    Deadline deadline = Deadline.after(Duration.ofMillis(100), world.clock);

    assertThatThrownBy(() -> vault.store(key, LABEL, custom("{}"), new None(), deadline))
        .isInstanceOf(Unavailable.class);
    assertThat(world.waits)
        .containsExactly(Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(40));
  }

  @Test
  void aCredentialDeletedAndStoredAnewAtTheSameRevisionIsNotTheOneThatWasRead() {
    store("{'backupCodes':['a'],'totp':'" + SEED + "'}");
    Runnable anew =
        () -> {
          delete(new None());
          store("{'backupCodes':['b'],'totp':'" + SEED + "'}");
        };
    world.table.reset();
    world.table.before(WRITE, anew);
    assertThat(world.codes().useBackupCode(key, LABEL, world.deadline()).code()).isEqualTo("b");

    delete(new None());
    store("{'k':'first'}");
    world.table.reset();
    world.table.before(WRITE, anew);
    String id = store("{'k':'mine'}").credentialId();
    assertThat(get().credentialId()).isEqualTo(id);
    assertThat(get().data().text("k")).contains("mine");
    assertThat(get().revision()).isEqualTo(2);
  }

  @Test
  void aTransactionStillBeingDecidedIsAskedForAgainAndNotDoneTwice() {
    world.table.loseAnswer(WRITE, Faults.inProgress());
    Credential stored = vault.store(key, LABEL, custom("{'k':1}"), new Absent(), world.deadline());

    assertThat(stored.revision()).isEqualTo(1);
    assertThat(get()).isEqualTo(stored);
    assertThat(world.waits).containsExactly(Duration.ofMillis(10));
  }

  @Test
  void aTransactionCancelledForAnotherReasonIsUnavailable() {
    world.table.fail(WRITE, Faults.cancelled("None", "ItemCollectionSizeLimitExceeded"));

    assertThatThrownBy(() -> store("{}")).isInstanceOf(Unavailable.class);
    assertThat(world.table.operations()).hasSize(2);
  }

  @Test
  void aStoreWhoseAnswerWasLostIsUnavailableAndSafeToRepeat() {
    world.table.loseAnswer(WRITE, Faults.timeout());
    assertThatThrownBy(() -> store("{'k':1}")).isInstanceOf(Unavailable.class);

    Credential repeated = store("{'k':1}");
    assertThat(repeated.revision()).isEqualTo(2);
    assertThat(repeated.rotatedAt()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFaultAtAnyCallIsUnavailableAndNeverNotFoundOrUnauthorized(int call) {
    world.table.fail(call, Faults.outage());
    assertThatThrownBy(() -> store("{}")).isInstanceOf(Unavailable.class);
    world.table.fail(1, Faults.timeout());
    assertThatThrownBy(this::get).isInstanceOf(Unavailable.class);
    world.table.fail(call, Faults.outage());
    assertThatThrownBy(() -> vault.list(key, 10, Optional.empty(), world.deadline()))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void aKeyServiceThatIsDownIsUnavailable() {
    world.keys.down(true);

    assertThatThrownBy(() -> store("{}"))
        .isInstanceOf(Unavailable.class)
        .hasMessage("the key service is not available");
    assertThat(world.credentials(key.claimedId())).isEmpty();
  }

  @Test
  void keysThatABatchLeavesUnprocessedAreAskedForAgain() {
    store("{'k':1}");
    for (int[] part : new int[][] {{0, 0}, {0, 1}, {1, 2}}) {
      world.table.reset();
      world.table.partialBatch(part[0], part[1]);
      assertThat(get().data().integer("k")).contains(1);
      assertThat(world.table.operations())
          .containsExactly("batchGetItem", "batchGetItem", "putItem");
      assertThat(world.table.isPlayedOut()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void keysThatStayUnprocessedAreUnavailableAndNeverAbsent(int which) {
    store("{'k':1}");
    world.table.partialBatch(which, which + 1);
    for (int i = 0; i < 300; i++) {
      world.table.partialBatch(0, 0);
    }

    assertThat(problemOf(this::get)).isInstanceOf(Unavailable.class);
  }

  private static Problem problemOf(ThrowingCallable call) {
    return (Problem) org.assertj.core.api.Assertions.catchThrowable(call);
  }

  private void rotate(Duration grace) {
    world.identities.rotateKey(world.operator, key.claimedId(), grace, world.deadline());
  }

  private Credential store(String data) {
    return vault.store(key, LABEL, custom(data), new None(), world.deadline());
  }

  private Credential get() {
    return vault.get(key, LABEL, world.deadline());
  }

  private void delete(Precondition precondition) {
    vault.delete(key, LABEL, precondition, world.deadline());
  }
}
