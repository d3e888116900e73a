package io.agentvault.revocation;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.runtime.Invocation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Brings instances to where their first calls are behind them, so that a machine that is busy
 * starting many of them does not make a call of a test run into its function's time limit.
 */
final class WarmUp {
  private static final int MOST_TRIES = 20;

  private WarmUp() {}

  /** Until so many instances of the data plane have stored something. */
  static void vault(LocalCloud cloud, Api api, int instances) {
    String key = api.create(api.operator("warm-up", "operator")).get("rawKey").asText();
    Set<Integer> warm = new HashSet<>();
    for (int tries = 0; warm.size() < instances; tries++) {
      if (tries == MOST_TRIES) {
        throw new IllegalStateException("the instances do not come up");
      }
      List<CompletableFuture<Invocation>> calls = new ArrayList<>();
      for (int number = 0; number < instances; number++) {
        byte[] event = store(key, "warm-" + number);
        Executor thread = task -> Thread.ofVirtual().start(task);
        calls.add(CompletableFuture.supplyAsync(() -> cloud.invoke("vault", event), thread));
      }
      calls.stream()
          .map(CompletableFuture::join)
          .filter(call -> !call.failed())
          .forEach(call -> warm.add(call.instance()));
    }
    cloud.tap().clear();
  }

  private static byte[] store(String key, String label) {
    return Sample.LOGIN
        .body()
        .put("action", "vault.store")
        .put("key", key)
        .put("label", label)
        .toString()
        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
