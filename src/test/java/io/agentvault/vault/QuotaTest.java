package io.agentvault.vault;

import static io.agentvault.vault.Contents.custom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.crypto.DataKeys;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.UsageItem;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.QuotaExceeded;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Attributes;
import io.agentvault.vault.Precondition.None;
import io.agentvault.vault.Quota.Amount;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a vault may hold is what it really holds, whatever came and went without us. */
class QuotaTest {
  private static final int FOUR = 4;

  private final World world = new World();
  private final AgentKey key = world.agent();
  private Vault vault = withQuota(new Quota(FOUR, 1 << 20));

  private Vault withQuota(Quota quota) {
    DataKeys keys = new DataKeys(world.keys, world.clock, Duration.ofMinutes(5));
    return world.vaults(keys, quota).vault();
  }

  @Test
  void whatBringsAVaultToItsLimitIsAdmittedAndWhatAddsNothingAlways() {
    Quota quota = new Quota(4, 100);
    assertThat(quota.admits(new Amount(3, 90), new Amount(1, 10))).isTrue();
    assertThat(quota.admits(new Amount(4, 90), new Amount(1, 0))).isFalse();
    assertThat(quota.admits(new Amount(3, 91), new Amount(0, 10))).isFalse();
    // after the quota was lowered
    assertThat(quota.admits(new Amount(9, 50), new Amount(0, 50))).isTrue();
    assertThat(quota.admits(new Amount(3, 900), new Amount(1, 0))).isTrue();
    assertThat(quota.admits(new Amount(9, 900), new Amount(-1, -10))).isTrue();
  }

  @Test
  void whoIsRefusedHearsWhichLimitItIs() {
    Quota quota = new Quota(4, 100);
    assertThat(quota.exceeded(new Amount(4, 0), new Amount(1, 0))).hasMessageContaining(" 4 ");
    assertThat(quota.exceeded(new Amount(3, 100), new Amount(1, 1))).hasMessageContaining("bytes");
    assertThat(quota.exceeded(new Amount(9, 100), new Amount(0, 1))).hasMessageContaining("bytes");
  }

  @Test
  void aStoreOverTheQuotaIsRefusedAndWritesNothing() {
    fill(FOUR);

    assertThatThrownBy(() -> store("one too many", "{}"))
        .isInstanceOf(QuotaExceeded.class)
        .hasMessage("the vault may hold at most 4 credentials");
    assertThat(held()).isEqualTo(counted()).returns(4L, Amount::credentials);
  }

  @Test
  void aFullVaultTakesReplacementsAndWhatADeletionMadeRoomFor() {
    fill(FOUR);
    store("label-0", "{'k':'another value, longer than the one before'}");
    assertThat(held()).isEqualTo(counted());

    vault.delete(key, label("label-1"), new None(), world.deadline());
    store("new", "{}");
    assertThatThrownBy(() -> store("one too many", "{}")).isInstanceOf(QuotaExceeded.class);
    assertThat(held()).isEqualTo(counted());
  }

  @Test
  void bytesAreHeldToTheQuotaWhetherACredentialIsNewOrGrows() {
    store("label", "{'k':'" + "v".repeat(1_000) + "'}");
    long bytes = held().bytes();
    vault = withQuota(new Quota(FOUR, bytes + 100));

    assertThatThrownBy(() -> store("label", "{'k':'" + "v".repeat(1_200) + "'}"))
        .isInstanceOf(QuotaExceeded.class)
        .hasMessage("the vault may hold at most " + (bytes + 100) + " sealed bytes");
    assertThatThrownBy(() -> store("another", "{}")).isInstanceOf(QuotaExceeded.class);
    store("label", "{'k':'" + "v".repeat(1_050) + "'}");
    assertThat(held()).isEqualTo(counted()).returns(bytes + 50, Amount::bytes);
  }

  @Test
  void aQuotaMadeSmallerStopsGrowthAndNothingElse() {
    fill(FOUR);
    vault = withQuota(new Quota(2, 10));

    assertThatThrownBy(() -> store("label-0", "{'k':'longer than before, and so refused'}"))
        .isInstanceOf(QuotaExceeded.class);
    store("label-0", "{}");
    vault.delete(key, label("label-1"), new None(), world.deadline());
    assertThat(held()).isEqualTo(counted()).returns(3L, Amount::credentials);
  }

  @Test
  void aBackupCodeIsHadFromAVaultThatIsFull() {
    store("label", "{'backupCodes':['a','b']}");
    DataKeys keys = new DataKeys(world.keys, world.clock, Duration.ofMinutes(5));
    Vaults full = world.vaults(keys, new Quota(1, held().bytes()));

    OneTimeCodes.BackupCode code =
        full.oneTimeCodes().useBackupCode(key, label("label"), world.deadline());
    assertThat(code.code()).isEqualTo("a");
    assertThat(held()).isEqualTo(counted());
  }

  @Test
  void whatTimeToLiveTookAwayMakesRoom() {
    fill(FOUR);
    takeAway(1);
    takeAway(0);

    store("new", "{}");
    assertThat(held()).isEqualTo(counted()).returns(3L, Amount::credentials);
    store("newer", "{}");
    assertThatThrownBy(() -> store("one too many", "{}")).isInstanceOf(QuotaExceeded.class);
  }

  @Test
  void aVaultOfTheReleaseBeforeIsCountedAtItsFirstStore() {
    fill(3);
    world.table.takeAway(UsageItem.key(key.claimedId()));

    store("fourth", "{}");
    assertThat(held()).isEqualTo(counted()).returns(4L, Amount::credentials);
    assertThatThrownBy(() -> store("one too many", "{}")).isInstanceOf(QuotaExceeded.class);
  }

  @Test
  void aVaultOfTheReleaseBeforeIsDeletedFromWithoutBeingCounted() {
    fill(3);
    world.table.takeAway(UsageItem.key(key.claimedId()));

    vault.delete(key, label("label-0"), new None(), world.deadline());
    assertThat(world.table.items()).noneMatch(QuotaTest::isUsage);
    store("new", "{}");
    assertThat(held()).isEqualTo(counted()).returns(3L, Amount::credentials);
  }

  @Test
  void whatMovesWhileAVaultIsCountedIsCountedToo() {
    fill(FOUR);
    takeAway(0);
    world.table.reset();
    // 1 the read, 2 the transaction, 3 the count as it was, 4 the vault, 5 the count as it is
    world.table.before(5, () -> vault.delete(key, label("label-3"), new None(), world.deadline()));

    store("new", "{}");
    assertThat(world.table.isPlayedOut()).isTrue();
    assertThat(held()).isEqualTo(counted()).returns(3L, Amount::credentials);
  }

  @Test
  void aVaultRevokedWhileItIsCountedStaysEmpty() {
    fill(FOUR);
    world.table.reset();
    world.table.before(
        5, () -> world.revocation.revoke(world.operator, key.claimedId(), world.deadline()));

    assertThatThrownBy(() -> store("new", "{}")).isInstanceOf(Unauthorized.class);
    assertThat(world.table.isPlayedOut()).isTrue();
    assertThat(world.partition(key.claimedId())).isEmpty();
  }

  @Test
  void aRevocationCountsCredentialsAndNotTheirCount() {
    fill(3);

    assertThat(
            world
                .revocation
                .revoke(world.operator, key.claimedId(), world.deadline())
                .sweep()
                .credentials())
        .hasValue(3);
    assertThat(world.partition(key.claimedId())).isEmpty();
  }

  @Test
  void aLargeVaultIsReadForARefusalOnceInAWhile() {
    vault = withQuota(new Quota(FOUR, 1 << 30));
    for (int i = 0; i < FOUR; i++) {
      store("label-" + i, "{'k':'" + "v".repeat(60_000) + "'}");
    }
    grow(10 << 20);

    assertThat(queriesOf(() -> refused("a"))).isEqualTo(1);
    assertThat(queriesOf(() -> refused("b"))).isZero();
    world.clock.advance(Duration.ofSeconds(11));
    assertThat(queriesOf(() -> refused("c"))).isEqualTo(1);
  }

  /** One credential so large that only the table could hold it. */
  private void grow(int bytes) {
    Map<String, AttributeValue> item =
        new java.util.HashMap<>(world.credentials(key.claimedId()).getFirst());
    item.put("sealed", Attributes.bytes(new byte[bytes]));
    world.table.plant(item);
  }

  private void refused(String label) {
    assertThatThrownBy(() -> store(label, "{}")).isInstanceOf(QuotaExceeded.class);
  }

  private long queriesOf(Runnable call) {
    world.table.reset();
    call.run();
    return world.table.operations().stream().filter("query"::equals).count();
  }

  /**
   * Every kind of call, with every other one inside it at any point, and what time to live takes:
   * the count is never too low, it is exact where nothing was taken, nothing is over the quota, and
   * nothing is refused that there was room for.
   */
  @Test
  void theCountHoldsUnderEveryInterleaving() {
    Random random = new Random(12);
    boolean taken = false;
    for (int round = 0; round < 3_000; round++) {
      boolean takes = random.nextInt(4) == 0;
      taken |= takes;
      long before = held().credentials();
      world.table.reset();
      world.table.before(
          1 + random.nextInt(7), () -> quietly(takes ? this::takeAwayFirst : change(random)));
      boolean refused = quietly(change(random));
      long after = held().credentials();

      assertThat(after).isLessThanOrEqualTo(FOUR);
      assertThat(counted().credentials()).isGreaterThanOrEqualTo(after);
      assertThat(counted().bytes()).isGreaterThanOrEqualTo(held().bytes());
      if (!taken) {
        assertThat(counted()).isEqualTo(held());
      }
      if (refused) {
        assertThat(Math.max(before, after)).isEqualTo(FOUR);
      }
      if (round % 100 == 99) { // begin anew, exactly
        world.table.reset();
        world.table.records().forEach(world.table::takeAway);
        world.credentials(key.claimedId()).forEach(world.table::takeAway);
        world.table.takeAway(UsageItem.key(key.claimedId()));
        store("label-0", "{}");
        taken = false;
      }
    }
  }

  private Runnable change(Random random) {
    String label = "label-" + random.nextInt(7);
    String data = "{'k':'" + "v".repeat(random.nextInt(3)) + "'}";
    return random.nextInt(3) == 0
        ? () -> vault.delete(key, label(label), new None(), world.deadline())
        : () -> store(label, data);
  }

  /** Whether it was refused for the quota. */
  private static boolean quietly(Runnable change) {
    try {
      change.run();
      return false;
    } catch (QuotaExceeded e) {
      return true;
    } catch (NotFound e) {
      return false;
    }
  }

  private void fill(int credentials) {
    for (int i = 0; i < credentials; i++) {
      store("label-" + i, "{'k':" + i + "}");
    }
  }

  private void store(String label, String data) {
    vault.store(key, label(label), custom(data), new None(), world.deadline());
  }

  private void takeAway(int index) {
    world.table.takeAway(world.credentials(key.claimedId()).get(index));
  }

  private void takeAwayFirst() {
    List<Map<String, AttributeValue>> credentials = world.credentials(key.claimedId());
    if (!credentials.isEmpty()) {
      world.table.takeAway(credentials.getFirst());
    }
  }

  private static Label label(String text) {
    return Label.parse(text);
  }

  private Amount held() {
    return world.credentials(key.claimedId()).stream()
        .map(item -> new Amount(1, CredentialItem.sealedBytes(item)))
        .reduce(Amount.NOTHING, Amount::plus);
  }

  private Amount counted() {
    Attributes item =
        Attributes.of(world.table.items().stream().filter(QuotaTest::isUsage).findFirst().get());
    return new Amount(
        item.number(UsageItem.CREDENTIALS, "usage"), item.number(UsageItem.BYTES, "usage"));
  }

  private static boolean isUsage(Map<String, AttributeValue> item) {
    return item.containsKey(UsageItem.MOVES);
  }
}
