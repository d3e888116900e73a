package io.agentvault.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.local.faults.Call;
import io.agentvault.local.runtime.Invocation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The calls that each function makes while everything that can be asked of it is asked: the proof
 * that an operator's function cannot decrypt, because it never does, and that the reaper needs no
 * key. The other tests of this package hold their records to the same {@link CallLedger}.
 */
final class CallLedgerIT {
  private final Scene scene = Scene.shared();

  private String invoke(String function, String action, ObjectNode event) {
    Invocation invocation =
        scene.cloud.invoke(
            function, event.put("action", action).toString().getBytes(StandardCharsets.UTF_8));
    return invocation.outcome().text();
  }

  private ObjectNode identity(String action, ObjectNode event) {
    return Api.json(invoke("identity", "identity." + action, event.put("tenant", "ledger")));
  }

  private void useVault(String key) {
    for (Map.Entry<String, Sample> each :
        Map.of("login", Sample.LONG_PERIOD, "counter", Sample.COUNTER).entrySet()) {
      ObjectNode stored = each.getValue().body().put("key", key).put("label", each.getKey());
      assertThat(invoke("vault", "vault.store", stored)).contains("\"revision\":1");
      for (String action : List.of("get", "totp", "useBackupCode", "delete")) {
        ObjectNode event = Api.object().put("key", key).put("label", each.getKey());
        assertThat(invoke("vault", "vault." + action, event)).doesNotContain("errorType");
        assertThat(invoke("vault", "vault." + action, event.put("label", "absent")))
            .contains("NotFound");
      }
      assertThat(invoke("vault", "vault.store", stored)).contains("\"revision\":1");
    }
    assertThat(invoke("vault", "vault.list", Api.object().put("key", key))).contains("login");
    assertThat(invoke("vault", "vault.whoami", Api.object().put("key", key))).contains("scopes");
  }

  @Test
  void eachFunctionMakesOnlyItsOwnCallsAndNobodyScans() throws InterruptedException {
    scene.drain();
    scene.cloud.tap().clear();
    ObjectNode created = identity("create", Api.object());
    String id = created.get("identityId").asText();
    useVault(created.get("rawKey").asText());
    identity("get", Api.object().put("identityId", id));
    identity("list", Api.object());
    identity("update", Api.object().put("identityId", id).put("name", "renamed"));
    identity("rotateKey", Api.object().put("identityId", id));
    assertThat(identity("revoke", Api.object().put("identityId", id)).get("complete").asBoolean())
        .isTrue();
    identity("revoke", Api.object().put("identityId", id));
    scene.drain();

    assertThat(scene.cloud.tap().calls()).noneMatch(Call.operation("Scan"));
    Map<String, Long> kms = new TreeMap<>(CallLedger.close(scene.cloud.tap()));
    kms.keySet().removeIf(call -> !call.contains(" kms.") || call.startsWith("scribe "));
    assertThat(kms)
        .containsOnlyKeys(
            "identity kms.GenerateDataKeyWithoutPlaintext",
            "identity kms.Sign",
            "vault kms.Decrypt")
        .containsEntry("identity kms.GenerateDataKeyWithoutPlaintext", 1L);
  }
}
