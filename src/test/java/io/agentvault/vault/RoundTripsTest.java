package io.agentvault.vault;

import static io.agentvault.vault.Contents.SEED;
import static io.agentvault.vault.Contents.custom;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.crypto.DataKeys;
import io.agentvault.identity.AgentKey;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.Precondition.None;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The budgets of architecture §6, by counting calls. */
class RoundTripsTest {
  private static final Label LABEL = Label.parse("bank");

  private final World world = new World();
  private final AgentKey key = world.agent();

  RoundTripsTest() {
    Content content = custom("{'totp':'" + SEED + "','backupCodes':['a','b','c','d']}");
    world.vault().store(key, LABEL, content, new None(), world.deadline());
  }

  @Test
  void getIsOneReadAndOneRecordAndOneUnwrapWhenCold() {
    assertBudget(
        2, 1, vaults -> vaults.vault().get(key, LABEL, deadline()), "batchGetItem", "putItem");
  }

  @Test
  void totpIsOneReadAndOneRecordAndOneUnwrapWhenCold() {
    assertBudget(
        2,
        1,
        vaults ->
            vaults
                .oneTimeCodes()
                .code(key, LABEL, new OneTimeCodes.Wish(0, false, false, true), deadline()),
        "batchGetItem",
        "putItem");
  }

  @Test
  void whoamiIsOneRead() {
    assertBudget(1, 0, vaults -> vaults.vault().whoami(key, deadline()), "batchGetItem");
  }

  @Test
  void listIsOneReadAndOneQueryAPageAndOneOfCountsAndOneRecordAndOneUnwrap() {
    assertBudget(
        4,
        1,
        vaults -> vaults.vault().list(key, 1_000, Optional.empty(), deadline()),
        "getItem",
        "query",
        "query",
        "putItem");
  }

  @Test
  void storeIsOneReadAndOneTransaction() {
    assertBudget(
        2,
        1,
        vaults -> vaults.vault().store(key, LABEL, custom("{'k':1}"), new None(), deadline()),
        "batchGetItem",
        "transactWriteItems");
  }

  @Test
  void aBackupCodeIsOneReadAndOneTransaction() {
    assertBudget(
        2,
        1,
        vaults -> vaults.oneTimeCodes().useBackupCode(key, LABEL, deadline()),
        "batchGetItem",
        "transactWriteItems");
  }

  @Test
  void deleteIsOneReadAndOneTransactionAndNeedsNoKey() {
    world.keys.down(true);
    deadline = world.deadline();
    world.table.reset();
    world.vault().delete(key, LABEL, new None(), deadline());

    assertThat(world.table.operations()).containsExactly("batchGetItem", "transactWriteItems");
    assertThat(deadline.roundTrips().calls("key service")).isZero();
  }

  private Deadline deadline = world.deadline();

  private Deadline deadline() {
    return deadline;
  }

  private void assertBudget(
      int storageCalls, int keyCallsCold, Consumer<Vaults> call, String... operations) {
    Vaults vaults = world.vaults(new DataKeys(world.keys, world.clock, Duration.ofMinutes(5)));
    for (int keyCalls : new int[] {keyCallsCold, 0}) {
      deadline = world.deadline();
      world.table.reset();
      call.accept(vaults);
      assertThat(world.table.operations()).containsExactly(operations);
      assertThat(deadline.roundTrips().calls("storage")).isEqualTo(storageCalls);
      assertThat(deadline.roundTrips().calls("key service")).isEqualTo(keyCalls);
    }
  }
}
