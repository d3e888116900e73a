package io.agentvault.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import io.agentvault.revocation.Api.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A cloud with a full vault that is about to be revoked while things go wrong, and a bystander's
 * vault that must stay as it is.
 */
final class Scene {
  static final String TRANSACTION = "TransactWriteItems";
  static final String QUERY = "Query";
  static final String UPDATE = "UpdateItem";
  static final String BATCH = "BatchWriteItem";
  static final String GET = "GetItem";
  static final String SIGN = "Sign";
  static final String PUT = "PutItem";

  /** Two pages of a query, of three batches of deletions and of one. */
  static final int CREDENTIALS = 60;

  /** They and their count. */
  static final int ITEMS = CREDENTIALS + 1;

  private static final int SEALED_BYTES = 20_000;

  /** The calls of a revocation of such a vault; the last three are for the receipt's signature. */
  static final List<String> REVOCATION =
      List.of(
          TRANSACTION,
          QUERY,
          UPDATE,
          BATCH,
          BATCH,
          BATCH,
          QUERY,
          UPDATE,
          BATCH,
          UPDATE,
          PUT,
          QUERY,
          SIGN,
          UPDATE);

  /** Where what is gone is gone: the record's line and the signature follow. */
  static final int LINE = REVOCATION.size() - 4;

  /** The calls of a reaper that finds all of it. */
  static final List<String> REAPING =
      List.of(GET, GET, QUERY, UPDATE, BATCH, BATCH, BATCH, QUERY, UPDATE, BATCH, UPDATE, PUT);

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  final LocalCloud cloud = LocalCloud.options().maxInstances(3).start();
  final Api api = new Api(cloud);
  final Table table = new Table(cloud);
  final String operator = api.operator("scene", "operator");
  private final String bystanderId;
  private final String bystanderKey;
  private final Map<String, Map<String, AttributeValue>> bystanderItems;

  /** A vault to be revoked. */
  record Victim(String id, String key) {}

  private Scene() {
    WarmUp.vault(cloud, api, 1);
    ObjectNode bystander = api.create(operator);
    bystanderId = bystander.get("identityId").asText();
    bystanderKey = bystander.get("rawKey").asText();
    assertThat(api.store(bystanderKey, "mine", Sample.LOGIN.body()).status()).isEqualTo(200);
    table.fill(bystanderId, 30, 100);
    bystanderItems = table.partition(bystanderId);
  }

  private static final class Shared {
    private static final Scene SCENE = new Scene();
  }

  /** The one scene of all tests that use it one after the other; it ends with the JVM. */
  static Scene shared() {
    return Shared.SCENE;
  }

  /** A full vault; the stream stands still until {@link #drain}, and the record is empty. */
  Victim begin() {
    cloud.stream().pause();
    Victim victim = victim();
    cloud.tap().clear();
    return victim;
  }

  Victim victim() {
    ObjectNode created = api.create(operator);
    Victim victim = new Victim(created.get("identityId").asText(), created.get("rawKey").asText());
    table.fill(victim.id(), CREDENTIALS, SEALED_BYTES);
    return victim;
  }

  /** Heals the wire, and holds the calls that were made to the ledger. */
  void end() {
    cloud.tap().clearFaults();
    cloud.stream().resume();
    CallLedger.close(cloud.tap());
  }

  static Predicate<Call> of(String function) {
    return Call.by(function);
  }

  List<String> operations(String function) {
    return cloud.tap().callsOf(function).stream().map(Call::operation).toList();
  }

  Reply revoke(Victim victim) {
    return api.revoke(operator, victim.id());
  }

  /** Lets the stream reach the reaper, and waits until it has dealt with everything. */
  void drain() throws InterruptedException {
    cloud.stream().resume();
    cloud.stream().awaitDrained(PATIENCE);
    assertThat(cloud.stream().abandoned()).isEmpty();
  }

  /** Heals the wire first. */
  void healAndDrain() throws InterruptedException {
    cloud.tap().clearFaults();
    drain();
  }

  /** Locks and shreds, and leaves all the sweeping to the reaper. */
  void revokeWithoutSweep(Victim victim) {
    FaultRule noQuery =
        cloud
            .tap()
            .fault(
                of("identity").and(Call.operation(QUERY)),
                Fault.dynamoError("ProvisionedThroughputExceededException"),
                FaultRule.Times.ALWAYS);
    Reply incomplete = revoke(victim);
    cloud.tap().remove(noQuery);
    assertIncomplete(incomplete);
    assertThat(table.partition(victim.id())).hasSize(ITEMS);
  }

  static void assertIncomplete(Reply receipt) {
    assertThat(receipt.status()).isEqualTo(200);
    assertThat(receipt.body().get("keyDestroyed").asBoolean()).isTrue();
    assertThat(receipt.body().get("complete").asBoolean()).isFalse();
  }

  static void assertComplete(Reply receipt) {
    assertThat(receipt.status()).isEqualTo(200);
    assertThat(receipt.body().get("complete").asBoolean()).isTrue();
    assertThat(receipt.body().get("credentialsDestroyed").asInt()).isEqualTo(CREDENTIALS);
  }

  /**
   * No key works and no identity is there; whatever is left is ciphertext without a key, and the
   * receipt does not deny it.
   */
  void assertLocked(Victim victim) {
    assertThat(api.get(victim.key(), "/v0/whoami").status()).isEqualTo(401);
    assertThat(table.partition(victim.id())).doesNotContainKey("IDENTITY");
    if (table.isReceiptComplete(victim.id())) {
      assertThat(table.partition(victim.id())).isEmpty();
    }
  }

  /** As if nobody had tried. */
  void assertUntouched(Victim victim) {
    assertThat(api.get(victim.key(), "/v0/whoami").status()).isEqualTo(200);
    assertThat(table.partition(victim.id())).hasSize(ITEMS + 1);
    assertThat(table.receipt(victim.id())).isEmpty();
  }

  /** Everything is back but the receipt tells of a revocation. */
  void assertRestored(Victim victim) {
    assertThat(api.get(victim.key(), "/v0/whoami").status()).isEqualTo(200);
    assertThat(table.receipt(victim.id())).isPresent();
  }

  /** The one end of every revocation: nothing left, a receipt that stays, no harm to others. */
  void assertFinished(Victim victim) {
    assertLocked(victim);
    assertThat(table.partition(victim.id())).isEmpty();
    Reply receipt = revoke(victim);
    assertComplete(receipt);
    assertThat(revoke(victim).body()).isEqualTo(receipt.body());
    assertThat(table.partition(bystanderId)).isEqualTo(bystanderItems);
    assertThat(api.get(bystanderKey, Api.vault("mine")).status()).isEqualTo(200);
  }
}
