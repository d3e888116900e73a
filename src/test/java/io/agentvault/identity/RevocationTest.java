package io.agentvault.identity;

import static io.agentvault.remote.Attributes.bytes;
import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.evidence.Entry;
import io.agentvault.identity.table.Faults;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class RevocationTest {
  private World world = new World();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 25, 26, 300})
  void oneTransactionLocksAndShredsWhateverTheVaultsSize(int credentials) {
    AgentId id = vaultOf(credentials);
    Receipt receipt = revoke(id);

    List<String> operations = world.table.operations();
    assertThat(operations.getFirst()).isEqualTo("transactWriteItems");
    assertThat(operations.stream().filter("transactWriteItems"::equals)).hasSize(1);
    assertThat(operations).hasSize(5 + (credentials + 1 + 24) / 25);
    assertThat(world.partition(id)).isEmpty();
    assertThat(receipt.complete()).isTrue();
    assertThat(receipt.credentialsDestroyed()).isEqualTo(OptionalLong.of(credentials));
  }

  @Test
  void theReceiptSaysWhoWhenAndUntilWhenABackupKeepsTheKey() {
    AgentId id = vaultOf(2);
    Receipt receipt = revoke(id);

    assertThat(receipt)
        .isEqualTo(
            new Receipt(
                id,
                "acme",
                "direct invocation",
                world.clock.instant(),
                new Sweep(OptionalLong.of(2), Optional.of("USAGE"), Optional.empty(), true),
                Optional.of(world.clock.instant().plus(Duration.ofDays(35))),
                Optional.empty()));
    assertThat(world.store.receipt(id, world.deadline())).contains(receipt);
    assertThat(world.table.items().getFirst().get("ttl"))
        .isEqualTo(number(world.clock.instant().plus(Duration.ofDays(400)).getEpochSecond()));
  }

  @Test
  void withoutPointInTimeRecoveryNothingIsRecoverable() {
    AgentId id = vaultOf(0);
    Revocation unrecoverable =
        new Revocation(
            world.store,
            world.remains,
            world.evidence.recorder(),
            world.clock,
            Recovery.of(Duration.ZERO, ""),
            Optional.empty());

    assertThat(unrecoverable.revoke(world.operator, id, world.deadline()).recoverableUntil())
        .isEmpty();
  }

  @Test
  void onceRevokedTheKeyIsUnauthorizedOnAnInstanceThatHasItsDataKeyCached() {
    AgentKey key = world.agent();
    world.vault().list(key, 10, Optional.empty(), world.deadline());
    revoke(key.claimedId());

    assertThatThrownBy(() -> world.vault().whoami(key, world.deadline()))
        .isInstanceOf(Unauthorized.class);
    assertThatThrownBy(() -> world.vault().list(key, 10, Optional.empty(), world.deadline()))
        .isInstanceOf(Unauthorized.class);
  }

  @Test
  void theReceiptTakesEveryPageBeforeThePageIsDeleted() {
    AgentId id = vaultOf(30);
    world.table.pageSize(26);
    revoke(id);

    assertThat(world.table.operations())
        .containsExactly(
            "transactWriteItems",
            "query",
            "updateItem",
            "batchWriteItem",
            "batchWriteItem",
            "query",
            "updateItem",
            "batchWriteItem",
            "updateItem",
            "putItem");
  }

  @Test
  void repeatingARevocationAnswersTheSameReceiptThoughTimeWentOn() {
    AgentId id = vaultOf(3);
    Receipt first = revoke(id);
    world.clock.advance(Duration.ofHours(1));
    world.table.reset();

    assertThat(revoke(id)).isEqualTo(first);
    assertThat(world.table.operations()).containsExactly("transactWriteItems", "getItem");
  }

  @Test
  void anotherTenantDoesNotSeeTheReceipt() {
    AgentId id = vaultOf(1);
    revoke(id);
    var before = world.table.items();

    assertThatThrownBy(
            () -> world.revocation.revoke(OperatorTokens.trusted("globex"), id, world.deadline()))
        .isInstanceOf(NotFound.class);
    assertThat(world.table.items()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFailureAndALostAnswerAtAnyCallLeaveWhatTheReaperBringsToTheSameEnd(boolean fails) {
    int calls = callsOfARevocation();
    for (int call = 1; call <= calls; call++) {
      world = new World();
      AgentId id = vaultOf(30);
      if (fails) {
        world.table.fail(call, Faults.timeout());
      } else {
        world.table.loseAnswer(call, Faults.timeout());
      }
      assertEndsTheSame(id, fails && call == 1);
    }
  }

  @Test
  void aFailureAtAnyCallOfTheReaperItselfIsFinishedByItsNextTry() {
    for (int call = 1; call <= 8; call++) {
      world = new World();
      AgentId id = vaultOf(30);
      world.table.fail(2, Faults.outage());
      revoke(id);
      world.table.fail(call, Faults.outage());
      assertThat(finishes(id)).isFalse();
      assertThat(finishes(id)).isTrue();
      assertThat(world.table.isPlayedOut()).isTrue();
      assertDestroyed(id);
    }
  }

  private boolean finishes(AgentId id) {
    try {
      return world.revocation.finish(id, world.deadline());
    } catch (Unavailable cameNoFurther) {
      return false;
    }
  }

  private int callsOfARevocation() {
    revoke(vaultOf(30));
    return world.table.operations().size() - 1; // the last is the line, which fails nothing
  }

  /** Revokes through a fault, lets the reaper finish, and looks at what is left. */
  private void assertEndsTheSame(AgentId id, boolean lives) {
    try {
      assertThat(revoke(id).complete()).isFalse();
    } catch (Unavailable notKnown) {
      assertThat(world.store.find(id, world.deadline()).isPresent()).isEqualTo(lives);
    }
    assertThat(world.table.isPlayedOut()).isTrue();
    if (lives) {
      revoke(id);
    }
    world.revocation.finish(id, world.deadline());
    assertDestroyed(id);
    assertThat(revoke(id)).isEqualTo(receipt(id));
  }

  private void assertDestroyed(AgentId id) {
    assertThat(world.partition(id)).isEmpty();
    assertThat(receipt(id).complete()).isTrue();
    assertThat(receipt(id).credentialsDestroyed()).isEqualTo(OptionalLong.of(30));
  }

  private Receipt receipt(AgentId id) {
    return world.store.receipt(id, world.deadline()).orElseThrow();
  }

  @Test
  void aRevocationWhoseTransactionLostToAnotherIsTriedAgain() {
    AgentId id = vaultOf(1);
    world.table.fail(1, Faults.conflict());
    world.table.fail(2, Faults.inProgress());

    assertThat(revoke(id).complete()).isTrue();
    assertThat(world.waits).containsExactly(Duration.ofMillis(10), Duration.ofMillis(20));
  }

  @Test
  void countingAndDeletingGiveWayToTransactionsInTheWay() {
    AgentId id = vaultOf(2);
    for (int call : new int[] {3, 5, 7}) {
      world.table.fail(call, Faults.singleConflict());
    }

    assertThat(revoke(id).complete()).isTrue();
    assertThat(world.table.operations())
        .containsExactly(
            "transactWriteItems",
            "query",
            "updateItem",
            "updateItem",
            "batchWriteItem",
            "batchWriteItem",
            "updateItem",
            "updateItem",
            "putItem");
    assertThat(world.partition(id)).isEmpty();
  }

  @Test
  void aReceiptThatIsTakenAwayMeanwhileIsNotMadeUpAndTheReaperEmptiesTheVault() {
    AgentId id = vaultOf(1);
    world.table.before(3, () -> world.table.takeAway(ReceiptItem.key(id)));

    assertThat(revoke(id).complete()).isFalse();
    assertThat(world.store.receipt(id, world.deadline())).isEmpty();
    world.revocation.finish(id, world.deadline());
    assertThat(world.table.items()).isEmpty();
  }

  @Test
  void anIdentityThatARestoreBroughtBackIsRevokedAgainUnderANewReceipt() {
    AgentId id = vaultOf(3);
    var backup = world.partition(id);
    revoke(id);
    world.clock.advance(Duration.ofHours(1));
    backup.subList(0, 2).forEach(world.table::plant);
    backup.subList(3, 4).forEach(world.table::plant);
    Receipt again = revoke(id);

    assertThat(again.revokedAt()).isEqualTo(world.clock.instant());
    assertThat(again.credentialsDestroyed()).isEqualTo(OptionalLong.of(2));
    assertThat(world.partition(id)).isEmpty();
    assertThat(revoke(id)).isEqualTo(again);
  }

  @Test
  void itemsThatABatchLeavesUnprocessedAreAskedForAgain() {
    AgentId id = vaultOf(30);
    world.table.partialBatch(0, 10);
    world.table.partialBatch(0, 0);

    assertThat(revoke(id).complete()).isTrue();
    assertThat(world.partition(id)).isEmpty();
    assertThat(world.waits).containsExactly(Duration.ofMillis(10), Duration.ofMillis(20));
  }

  @Test
  void batchesThatStayUnprocessedUntilTheDeadlineMakeTheReceiptIncomplete() {
    AgentId id = vaultOf(5);
    for (int i = 0; i < 200; i++) {
      world.table.partialBatch(0, 0);
    }
    Receipt receipt = revoke(id);

    assertThat(receipt.complete()).isFalse();
    assertThat(world.credentials(id)).hasSize(5);
    assertThat(receipt.credentialsDestroyed()).isEqualTo(OptionalLong.of(5));
    world.table.reset();
    assertThatThrownBy(() -> world.vault().whoami(AgentKey.parse(keyOf(id)), world.deadline()))
        .isInstanceOf(Unauthorized.class);
  }

  private static String keyOf(AgentId id) {
    return Vectors.checksummed(AgentKey.prefix(id) + "_" + "0".repeat(52));
  }

  @Test
  void aDeadlineThatEndsDuringTheSweepStillLocksAndShreds() {
    AgentId id = vaultOf(60);
    Deadline deadline = world.deadline();
    world.table.before(4, () -> world.clock.advance(World.INVOCATION));
    Receipt receipt = world.revocation.revoke(world.operator, id, deadline);

    assertThat(receipt.complete()).isFalse();
    assertThat(world.store.find(id, world.deadline())).isEmpty();
    assertThat(world.credentials(id)).isNotEmpty();
    world.revocation.finish(id, world.deadline());
    assertThat(world.partition(id)).isEmpty();
    assertThat(receipt(id).credentialsDestroyed()).isEqualTo(OptionalLong.of(60));
    assertThat(receipt(id).revokedAt()).isEqualTo(receipt.revokedAt());
  }

  @Test
  void finishDoesNothingToAnIdentityThatLives() {
    AgentId id = vaultOf(3);
    var before = world.table.items();
    world.revocation.finish(id, world.deadline());

    assertThat(world.table.items()).isEqualTo(before);
    assertThat(world.table.operations()).containsExactly("getItem");
  }

  @Test
  void finishTakesNoFaultForAnAbsence() {
    AgentId id = vaultOf(3);
    var before = world.table.items();
    world.table.fail(1, Faults.outage());

    assertThatThrownBy(() -> world.revocation.finish(id, world.deadline()))
        .isInstanceOf(Unavailable.class);
    assertThat(world.table.items()).isEqualTo(before);
  }

  @Test
  void finishThatCameNoFurtherSaysSo() {
    AgentId id = vaultOf(3);
    world.table.fail(2, Faults.outage());
    revoke(id);
    world.table.reset();
    world.table.fail(3, Faults.outage()); // the page, after the identity and the receipt

    assertThatThrownBy(() -> world.revocation.finish(id, world.deadline()))
        .isInstanceOf(Unavailable.class);
    assertThat(world.credentials(id)).hasSize(3);
  }

  @Test
  void whatRemainsOfAnIdentityThatIsThereIsAllButItself() {
    AgentId id = vaultOf(3);

    assertThat(world.remains.page(id, world.deadline()).items())
        .extracting(Remains.Item::sortKey)
        .hasSize(4) // with the vault's count
        .doesNotContain(IdentityItem.SORT_KEY);
  }

  @Test
  void finishEmptiesAVaultWhoseIdentityWasDeletedWithoutAReceipt() {
    AgentId id = vaultOf(3);
    world.table.takeAway(IdentityItem.key(id));
    world.revocation.finish(id, world.deadline());

    assertThat(world.table.items()).isEmpty();
  }

  @Test
  void finishAfterACompleteRevocationOnlyLooks() {
    AgentId id = vaultOf(3);
    revoke(id);
    var before = world.table.items();
    world.table.reset();
    world.revocation.finish(id, world.deadline());

    assertThat(world.table.operations()).containsExactly("getItem", "getItem", "query", "putItem");
    assertThat(world.table.items()).isEqualTo(before);
  }

  @Test
  void theLineFollowsTheReceiptOnceWhoeverWritesIt() {
    AgentId id = vaultOf(3);
    world.table.fail(6, Faults.timeout());
    Receipt receipt = revoke(id);

    assertThat(receipt.complete()).isTrue();
    assertThat(world.table.isPlayedOut()).isTrue();
    assertThat(revocations(id)).isEmpty();
    for (int i = 0; i < 2; i++) {
      world.clock.advance(Duration.ofMinutes(1));
      world.revocation.finish(id, world.deadline());
      assertThat(revocations(id))
          .singleElement()
          .satisfies(
              line -> {
                assertThat(line.actor()).isEqualTo("direct invocation");
                assertThat(line.at()).isEqualTo(receipt.revokedAt());
              });
    }
  }

  private List<Entry> revocations(AgentId id) {
    return world.records(id).stream()
        .filter(each -> each.action().equals("identity.revoke"))
        .toList();
  }

  @Test
  void nothingOfAnotherIdentityIsTouched() {
    AgentId other = vaultOf(40);
    AgentId id = vaultOf(40);
    var before = world.partition(other);
    world.table.pageSize(7);
    revoke(id);

    assertThat(world.partition(other)).isEqualTo(before).hasSize(42);
    assertThat(world.partition(id)).isEmpty();
  }

  @Test
  void twentyBatchesAreAPageHoweverSmallTheItemsAre() {
    AgentId id = vaultOf(500); // and their count
    revoke(id);

    List<String> operations = world.table.operations();
    assertThat(operations.subList(1, 3)).containsExactly("query", "updateItem");
    assertThat(operations.subList(3, 23)).containsOnly("batchWriteItem");
    assertThat(operations.subList(23, 26)).containsExactly("query", "updateItem", "batchWriteItem");
    assertThat(world.partition(id)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 30})
  void aVaultOfSeveralPagesIsCountedAndEmptied(int pageSize) {
    AgentId id = vaultOf(14);
    world.table.pageSize(pageSize);
    Receipt receipt = revoke(id);

    assertThat(receipt.credentialsDestroyed()).isEqualTo(OptionalLong.of(14));
    assertThat(world.partition(id)).isEmpty();
  }

  @Test
  void onlyCredentialsCountThoughEverythingIsDeleted() {
    AgentId id = vaultOf(3);
    for (String sortKey : List.of("ACCESS#label-1", "DEPOSIT#1", "USAGE", "ZZZ")) {
      world.table.plant(item(id, sortKey));
    }
    world.table.pageSize(2);
    Receipt receipt = revoke(id);

    assertThat(receipt.credentialsDestroyed()).isEqualTo(OptionalLong.of(3));
    assertThat(receipt.sweep().accessTokensValidUntil()).isEmpty();
    assertThat(world.partition(id)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9})
  void theReceiptSaysUntilWhenAnAccessTokenThatWasHandedOutMayWork(int pageSize) {
    AgentId id = vaultOf(2);
    long[] ends = {1_800_000_000_000L, 1_900_000_000_001L, 1_700_000_000_000L};
    for (int i = 0; i < ends.length; i++) {
      var access = new java.util.HashMap<>(item(id, "ACCESS#label-" + i));
      access.put("handedOutUntil", number(ends[i]));
      world.table.plant(access);
    }
    world.table.plant(item(id, "ACCESS#never-handed-out"));
    world.table.pageSize(pageSize);
    Receipt receipt = revoke(id);

    assertThat(receipt.sweep().accessTokensValidUntil())
        .contains(Instant.ofEpochMilli(1_900_000_000_001L));
    assertThat(receipt(id)).isEqualTo(receipt);
  }

  /** Each go dies at another call, so that the next one goes on from there. */
  @ParameterizedTest
  @CsvSource({"1,7", "3,5", "7,4", "26,9", "100,6"})
  void theCountIsExactHoweverOftenSomebodyDies(int pageSize, int step) {
    AgentId id = vaultOf(60);
    world.table.pageSize(pageSize);
    world.table.fail(2, Faults.outage());
    revoke(id);
    boolean finished = false;
    for (int go = 0; !finished; go++) {
      world.table.reset();
      int call = 3 + go % step;
      if (go % 2 == 0) {
        world.table.fail(call, Faults.timeout());
      } else {
        world.table.loseAnswer(call, Faults.timeout());
      }
      finished = finishes(id);
      assertThat(go).isLessThan(1_000);
    }
    world.table.reset();
    assertThat(world.partition(id)).isEmpty();
    assertThat(receipt(id).credentialsDestroyed()).isEqualTo(OptionalLong.of(60));
  }

  /** The other sweeps the whole vault between any two calls of this one. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
  void twoSweepsAtOnceCountEveryCredentialOnce(int call) {
    AgentId id = vaultOf(30);
    world.table.pageSize(11);
    world.table.before(
        call,
        () -> {
          world.table.pageSize(7);
          world.revocation.finish(id, world.deadline());
        });
    Receipt receipt = revoke(id);

    assertThat(receipt.credentialsDestroyed()).isEqualTo(OptionalLong.of(30));
    assertThat(receipt.complete()).isTrue();
    assertThat(world.partition(id)).isEmpty();
  }

  @Test
  void aSweepThatAnotherOvertookByAPageGoesOnAtItsCursor() {
    AgentId id = vaultOf(9);
    world.table.pageSize(4);
    world.table.before(
        3,
        () -> {
          Receipt before = receipt(id);
          world.table.pageSize(6);
          var page = world.remains.page(id, world.deadline());
          world.store.advance(before, before.sweep().plus(page).orElseThrow(), world.deadline());
        });

    assertThat(revoke(id).credentialsDestroyed()).isEqualTo(OptionalLong.of(9));
    assertThat(world.partition(id)).isEmpty();
  }

  @Test
  void aVaultTooLargeForOneInvocationIsGoneOnWithAndIsNoFailure() {
    AgentId id = vaultOf(40);
    world.table.pageSize(10);
    world.table.fail(2, Faults.outage());
    revoke(id);
    world.table.reset();
    world.table.before(6, () -> world.clock.advance(World.INVOCATION));

    assertThat(world.revocation.finish(id, world.deadline())).isFalse();
    assertThat(world.credentials(id)).isNotEmpty().hasSizeLessThan(40);
    assertThat(world.revocation.finish(id, world.deadline())).isTrue();
    assertThat(receipt(id).credentialsDestroyed()).isEqualTo(OptionalLong.of(40));
  }

  @Test
  void aPartitionThatTakesNoMoreIsNoFailureOnceSomethingIsGone() {
    AgentId id = vaultOf(40);
    world.table.pageSize(10);
    world.table.fail(2, Faults.outage());
    revoke(id);
    world.table.reset();
    for (int call = 7; call < 60; call++) {
      world.table.fail(call, Faults.throttle());
    }

    assertThat(world.revocation.finish(id, world.deadline())).isFalse();
    world.table.reset();
    assertThat(world.revocation.finish(id, world.deadline())).isTrue();
    assertThat(receipt(id).credentialsDestroyed()).isEqualTo(OptionalLong.of(40));
  }

  /** It counted all, and died before it had deleted half. */
  @Test
  void aReceiptOfTheReleaseBeforeIsFinishedWithItsOwnCount() {
    AgentId id = vaultOf(5);
    world.table.fail(2, Faults.outage());
    revoke(id);
    var item = new java.util.HashMap<>(world.table.items().getLast());
    item.put(ReceiptItem.CREDENTIALS_DESTROYED, number(12));
    world.table.plant(item);

    assertThat(world.revocation.finish(id, world.deadline())).isTrue();
    assertThat(receipt(id).credentialsDestroyed()).isEqualTo(OptionalLong.of(12));
    assertThat(receipt(id).complete()).isTrue();
    assertThat(world.partition(id)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"conflict", "throttle"})
  void neitherConflictsNorThrottlesTurnARevocationAwayBeforeItsDeadline(String kind) {
    AgentId id = vaultOf(1);
    for (int call = 1; call <= 90; call++) {
      world.table.fail(call, kind.equals("conflict") ? Faults.conflict() : Faults.throttle());
    }

    assertThat(revoke(id).complete()).isTrue();
    assertThat(world.waits).hasSize(90);
  }

  @Test
  void aRevocationThatConflictsMeetUntilItsDeadlineIsUnavailableAndRevokesNothing() {
    AgentId id = vaultOf(1);
    var before = world.table.items();
    for (int call = 1; call <= 400; call++) {
      world.table.fail(call, Faults.conflict());
    }

    assertThatThrownBy(() -> revoke(id)).isInstanceOf(Unavailable.class);
    assertThat(world.table.items()).isEqualTo(before);
    assertThat(world.waits.stream().reduce(Duration.ZERO, Duration::plus))
        .isGreaterThan(Duration.ofSeconds(28));
  }

  /** A new identity with so many credentials, which nobody will open. */
  private AgentId vaultOf(int credentials) {
    AgentId id = world.agent().claimedId();
    for (int i = 0; i < credentials; i++) {
      world.table.plant(item(id, "CREDENTIAL#label-" + i));
    }
    return id;
  }

  private static Map<String, AttributeValue> item(AgentId id, String sortKey) {
    return Map.of(
        "pk", IdentityItem.partition(id), "sk", text(sortKey), "sealed", bytes(new byte[] {1}));
  }

  private Receipt revoke(AgentId id) {
    return world.revocation.revoke(world.operator, id, world.deadline());
  }
}
