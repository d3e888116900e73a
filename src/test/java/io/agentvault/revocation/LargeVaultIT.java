package io.agentvault.revocation;

import static io.agentvault.revocation.Scene.BATCH;
import static io.agentvault.revocation.Scene.QUERY;
import static io.agentvault.revocation.Scene.TRANSACTION;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import io.agentvault.revocation.Api.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A vault of 10,000 credentials is locked and shredded by the same one transaction as a small one,
 * and emptied within the time that the call, or the reaper, has.
 */
final class LargeVaultIT {
  private static final int LARGE = 10_000;
  private static final int SMALL = 10;

  /** A login with a note, sealed. */
  private static final int SEALED_BYTES = 350;

  private static final int CREDENTIALS_PER_BATCH = 25;
  private final Scene scene = Scene.shared();

  @AfterEach
  void end() {
    scene.end();
  }

  /** What a revocation took, as the tap and the operator saw it. */
  private record Measured(Duration transaction, Duration whole, long queries, long batches) {}

  private String vaultOf(int credentials) {
    ObjectNode created = scene.api.create(scene.operator);
    String id = created.get("identityId").asText();
    scene.table.fill(id, credentials, SEALED_BYTES);
    scene.cloud.tap().clear();
    return id;
  }

  private Measured measure(String function, Duration whole) {
    List<Call> calls = scene.cloud.tap().callsOf(function);
    return new Measured(
        calls.stream()
            .filter(Call.operation(TRANSACTION))
            .map(Call::took)
            .reduce(Duration.ZERO, Duration::plus),
        whole,
        calls.stream().filter(Call.operation(QUERY)).count(),
        calls.stream().filter(Call.operation(BATCH)).count());
  }

  private Measured revoke(int credentials) throws InterruptedException {
    String id = vaultOf(credentials);
    Reply receipt = scene.api.revoke(scene.operator, id);
    Measured measured = measure("identity", Duration.ofNanos(System.nanoTime() - receipt.begun()));
    assertThat(receipt.status()).isEqualTo(200);
    assertLockedByOneTransactionOfTwoActions();
    if (!receipt.body().get("complete").asBoolean()) {
      scene.drain(); // a machine too busy for the call's time: that is what the reaper is for
    }
    assertEmptied(id, credentials);
    return measured;
  }

  private void assertLockedByOneTransactionOfTwoActions() {
    List<Call> transactions =
        scene.cloud.tap().callsOf("identity").stream().filter(Call.operation(TRANSACTION)).toList();
    assertThat(transactions).hasSize(1);
    assertThat(transactions.getFirst().request().getJsonArray("TransactItems")).hasSize(2);
    assertThat(scene.cloud.tap().callsOf("identity").getFirst()).isEqualTo(transactions.getFirst());
  }

  private void assertEmptied(String id, int credentials) {
    assertThat(scene.table.partition(id)).isEmpty();
    Reply receipt = scene.api.revoke(scene.operator, id);
    assertThat(receipt.body().get("complete").asBoolean()).isTrue();
    assertThat(receipt.body().get("credentialsDestroyed").asInt()).isEqualTo(credentials);
  }

  @Test
  void whateverItsSizeAVaultIsLockedByOneTransactionAndEmptiedByTheCall()
      throws InterruptedException {
    scene.cloud.stream().pause();
    Measured small = revoke(SMALL);
    Measured large = revoke(LARGE);
    assertThat(large.batches())
        .isLessThanOrEqualTo((LARGE + 1) / CREDENTIALS_PER_BATCH + large.queries());
    tell("by the call", small, large);
  }

  @Test
  void theReaperEmptiesALargeVaultWithinOneInvocation() throws InterruptedException {
    scene.cloud.stream().pause();
    String id = vaultOf(LARGE);
    FaultRule noQuery =
        scene
            .cloud
            .tap()
            .fault(
                Call.by("identity").and(Call.operation(QUERY)),
                Fault.dynamoError("ThrottlingException"),
                FaultRule.Times.ALWAYS);
    Scene.assertIncomplete(scene.api.revoke(scene.operator, id));
    scene.cloud.tap().remove(noQuery);
    var invocation = scene.cloud.stream().deliver(scene.cloud.stream().take());
    assertThat(invocation.outcome().text()).isEqualTo("{\"batchItemFailures\":[]}");
    Measured reaper = measure("reaper", invocation.took());
    assertEmptied(id, LARGE);
    System.out.printf(
        Locale.ROOT,
        "vault of %,d emptied by the reaper in %d ms: %d queries, %d batches%n",
        LARGE,
        reaper.whole().toMillis(),
        reaper.queries(),
        reaper.batches());
  }

  private static void tell(String by, Measured small, Measured large) {
    System.out.printf(
        Locale.ROOT,
        "vault of %,d locked and shredded by 1 transaction in %.1f ms (of %d: %.1f ms), emptied %s"
            + " in %d ms: %d queries, %d batches%n",
        LARGE,
        large.transaction().toNanos() / 1e6,
        SMALL,
        small.transaction().toNanos() / 1e6,
        by,
        large.whole().toMillis(),
        large.queries(),
        large.batches());
  }
}
