package io.agentvault.revocation;

import static io.agentvault.revocation.Scene.TRANSACTION;
import static io.agentvault.revocation.Scene.UPDATE;
import static io.agentvault.revocation.Scene.assertComplete;
import static io.agentvault.revocation.Scene.of;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import io.agentvault.revocation.Api.Reply;
import io.agentvault.revocation.Scene.Victim;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Operators' calls that meet others at the same item. Every store of an agent holds the identity
 * item in a transaction for a moment; DynamoDB refuses a plain write to it meanwhile.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling">
 *     Transaction conflict handling</a>
 */
final class IdentityConflictIT {
  private static final Fault CONFLICT = Fault.dynamoError("TransactionConflictException");

  private final Scene scene = Scene.shared();
  private final Victim victim = scene.begin();

  @AfterEach
  void end() {
    scene.end();
  }

  private FaultRule lostTwice() {
    return scene
        .cloud
        .tap()
        .fault(
            of("identity").and(Call.operation(TRANSACTION)),
            Fault.transactionCanceled("TransactionConflict", "None"),
            number -> number <= 2);
  }

  private static Predicate<Call> updates() {
    return of("identity").and(Call.operation(UPDATE));
  }

  private FaultRule conflictTwice(Predicate<Call> calls) {
    return scene.cloud.tap().fault(calls, CONFLICT, number -> number <= 2);
  }

  @Test
  void aRotationWaitsForTheStoreThatIsUnderWay() {
    FaultRule rule = lostTwice();
    Reply rotated = scene.api.rotate(scene.operator, victim.id(), 0);
    assertThat(rule.struck()).isPositive();
    assertThat(rotated.status()).as(rotated.text()).isEqualTo(200);
    assertThat(rule.struck()).isEqualTo(2);
  }

  @Test
  void anUpdateWaitsForTheStoreThatIsUnderWay() {
    FaultRule rule = lostTwice();
    Reply updated =
        scene.api.patch(
            scene.operator, Api.identity(victim.id()), Api.object().put("name", "renamed"));
    assertThat(rule.struck()).isPositive();
    assertThat(updated.status()).as(updated.text()).isEqualTo(200);
  }

  @Test
  void aRevocationWaitsForAnotherOneThatIsUnderWay() throws InterruptedException {
    FaultRule rule = conflictTwice(updates());
    assertComplete(scene.revoke(victim));
    assertThat(rule.struck()).isEqualTo(2);
    scene.assertLocked(victim);
    scene.drain();
    scene.assertFinished(victim);
  }

  @Test
  void theReaperWaitsForARevocationThatIsUnderWay() throws InterruptedException {
    scene.revokeWithoutSweep(victim);
    FaultRule rule = conflictTwice(of("reaper").and(Call.operation(UPDATE)));
    scene.drain();
    assertThat(rule.struck()).isEqualTo(2);
    scene.assertFinished(victim);
  }

  /**
   * The answer to the write of a new identity is lost; another operator finds the identity in the
   * list and revokes it; only then is the write sent again.
   */
  @Test
  void anIdentityThatWasRevokedBeforeItsCreationWasAnsweredStaysRevoked()
      throws InterruptedException {
    CompletableFuture<Victim> revoked = new CompletableFuture<>();
    String tenant = "overtaken";
    String first = scene.api.operator(tenant, "first");
    String second = scene.api.operator(tenant, "second");
    Predicate<Call> writes =
        of("identity").and(call -> call.request().toString().contains("keyHash"));
    scene.cloud.tap().fault(writes, Fault.resetAfter(), number -> number == 1);
    scene
        .cloud
        .tap()
        .fault(writes, Fault.before(call -> revoked.complete(revokeOnly(second))), n -> n == 2);

    Reply created = scene.api.post(first, Api.IDENTITIES, Api.object());
    Victim gone = revoked.join();

    assertThat(scene.table.partition(gone.id())).isEmpty();
    assertThat(scene.table.receipt(gone.id())).isPresent();
    if (created.isSuccess()) {
      String key = created.body().get("rawKey").asText();
      assertThat(scene.api.get(key, "/v0/whoami").status()).isEqualTo(401);
    }
    scene.drain();
  }

  private Victim revokeOnly(String operator) {
    ObjectNode listed = scene.api.get(operator, Api.IDENTITIES).body();
    String id = listed.get("identities").get(0).get("identityId").asText();
    Reply receipt = scene.api.revoke(operator, id);
    assertThat(receipt.body().get("complete").asBoolean()).isTrue();
    return new Victim(id, "");
  }

  @Test
  void anIdentityThatSomebodyRestoredIsRevokedAgain() throws InterruptedException {
    var restored = scene.table.partition(victim.id());
    assertComplete(scene.revoke(victim));
    scene.drain();
    scene.cloud.stream().pause();
    scene.table.put(restored.values());
    scene.assertRestored(victim);
    assertComplete(scene.revoke(victim));
    scene.drain();
    scene.assertFinished(victim);
  }
}
