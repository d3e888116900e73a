package io.agentvault.revocation;

import static io.agentvault.revocation.Scene.REAPING;
import static io.agentvault.revocation.Scene.REVOCATION;
import static io.agentvault.revocation.Scene.assertComplete;
import static io.agentvault.revocation.Scene.of;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import io.agentvault.local.host.Json;
import io.agentvault.local.runtime.Invocation;
import io.agentvault.revocation.Scene.Victim;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records of the stream that come twice, late, early, in another order, or in between. */
final class StreamOrderIT {
  private static final String NO_FAILURES = "{\"batchItemFailures\":[]}";

  private final Scene scene = Scene.shared();
  private final Victim victim = scene.begin();

  /** How the other one fared, told by the thread of the call that it overtook. */
  private final CompletableFuture<String> overtaking = new CompletableFuture<>();

  @AfterEach
  void end() {
    scene.end();
  }

  private void deliver(List<JsonObject> records) throws InterruptedException {
    Invocation invocation = scene.cloud.stream().deliver(records);
    assertThat(invocation.failed()).as(invocation.outcome().text()).isFalse();
    assertThat(invocation.outcome().text()).isEqualTo(NO_FAILURES);
  }

  @Test
  void recordsThatComeTwiceAndInAnotherOrderDoNoHarm() throws InterruptedException {
    Victim second = scene.victim();
    scene.revokeWithoutSweep(victim);
    scene.revokeWithoutSweep(second);
    List<JsonObject> records = scene.cloud.stream().take();
    assertThat(records).hasSize(2);
    deliver(List.of(records.get(1), records.get(0), records.get(1), records.get(0)));
    scene.assertFinished(victim);
    scene.assertFinished(second);
    var receipt = scene.table.receipt(victim.id());
    deliver(records);
    deliver(records.reversed());
    assertThat(scene.table.receipt(victim.id())).isEqualTo(receipt);
    scene.assertFinished(victim);
    scene.assertFinished(second);
  }

  @Test
  void aRecordOfAnIdentityThatIsThereDoesNothing() throws InterruptedException {
    Victim second = scene.victim();
    scene.revokeWithoutSweep(second);
    JsonObject record = scene.cloud.stream().take().getFirst();
    JsonObject early = Json.read(record.toString().replace(second.id(), victim.id()));
    deliver(List.of(early, record, early));
    scene.assertUntouched(victim);
    scene.assertFinished(second);
  }

  @Test
  void whatTheFilterKeepsAwayIsPassedOver() throws InterruptedException {
    scene.revokeWithoutSweep(victim);
    JsonObject record = scene.cloud.stream().take().getFirst();
    for (String[] change :
        new String[][] {
          {"REMOVE", "INSERT"}, {"IDENTITY", "CREDENTIAL#IDENTITY"}, {"AGENT#", "RECEIPT#"}
        }) {
      deliver(List.of(Json.read(record.toString().replace(change[0], change[1]))));
      assertThat(scene.table.partition(victim.id())).hasSize(Scene.ITEMS);
    }
    deliver(List.of(record));
    scene.assertFinished(victim);
  }

  static IntStream callsAfterTheTransaction() {
    return IntStream.range(1, REVOCATION.size());
  }

  @ParameterizedTest(name = "before call {0}")
  @MethodSource("callsAfterTheTransaction")
  void aReaperThatOvertakesTheRevocationAtAnyCallLeavesTheSameReceipt(int index)
      throws InterruptedException {
    FaultRule overtaken =
        scene.cloud.tap().fault(of("identity"), Fault.before(call -> reap()), n -> n == index + 1);
    assertComplete(scene.revoke(victim));
    assertThat(overtaken.struck()).isEqualTo(1);
    assertThat(overtaking).isCompletedWithValue("reaped");
    scene.assertFinished(victim);
  }

  private void reap() {
    try {
      deliver(scene.cloud.stream().take());
      overtaking.complete("reaped");
    } catch (InterruptedException | RuntimeException | AssertionError e) {
      overtaking.completeExceptionally(e);
    }
  }

  static IntStream callsOfTheReaper() {
    return IntStream.range(0, REAPING.size());
  }

  @ParameterizedTest(name = "before call {0}")
  @MethodSource("callsOfTheReaper")
  void aRepeatedRevocationThatOvertakesTheReaperAtAnyCallLeavesTheSameReceipt(int index)
      throws InterruptedException {
    scene.revokeWithoutSweep(victim);
    FaultRule overtaken =
        scene
            .cloud
            .tap()
            .fault(of("reaper"), Fault.before(call -> revokeAgain()), n -> n == index + 1);
    scene.drain();
    assertThat(overtaken.struck()).isEqualTo(1);
    assertThat(overtaking).isCompletedWithValue("revoked");
    scene.assertFinished(victim);
  }

  private void revokeAgain() {
    try {
      assertComplete(scene.revoke(victim));
      overtaking.complete("revoked");
    } catch (RuntimeException | AssertionError e) {
      overtaking.completeExceptionally(e);
    }
  }
}
