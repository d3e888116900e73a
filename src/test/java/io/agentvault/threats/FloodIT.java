package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.template.Template.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A flood of one agent against the template's throttles, which count per route: what passes the
 * gateway is bounded, other routes stay as they were, and on the same route others get in by asking
 * again. The limits are cut down, so that few requests make a flood.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FloodIT {
  private static final int RATE = 20;
  private static final int FLOODERS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final LocalCloud cloud = cloud();
  private final Gate gate = new Gate(cloud);

  private static LocalCloud cloud() {
    try {
      String text =
          Files.readString(Path.of("template.yaml"))
              .replaceAll("(ThrottlingBurstLimit|ThrottlingRateLimit): [^,}\\n]+", "$1: " + RATE);
      Path cut = Path.of("target/flood-template.yaml");
      Files.writeString(cut, text);
      return LocalCloud.options().template(cut).throttled().maxInstances(2).start();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @AfterAll
  void stop() {
    cloud.close();
  }

  @Test
  void everyRouteIsThrottled() {
    List<Route> routes =
        cloud.template().functions().stream().flatMap(each -> each.routes().stream()).toList();
    assertThat(routes).hasSizeGreaterThanOrEqualTo(13);
    assertThat(routes).allMatch(route -> route.throttle().ratePerSecond() > 0);
    assertThat(routes).allMatch(route -> route.throttle().burst() > 0);
  }

  @Test
  void aFloodOfOneAgentLeavesOthersServed() throws ExecutionException, InterruptedException {
    Agent flooder = gate.agent();
    Agent quiet = gate.agent();
    assertThat(gate.store(flooder, "one", Bench.LOGIN).status()).isEqualTo(200);
    assertThat(gate.store(quiet, "one", Bench.TOTP).status()).isEqualTo(200);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger passed = new AtomicInteger();
    CountDownLatch refused = new CountDownLatch(100);
    Callable<Boolean> flood =
        () -> {
          while (!over.get()) {
            int status = gate.get("/v0/vault/one", flooder.key()).status();
            if (status == 200) {
              passed.incrementAndGet();
            } else {
              refused.countDown();
            }
            assertThat(status).isIn(200, 429);
          }
          return true;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(FLOODERS)) {
      List<Future<Boolean>> floods = new ArrayList<>();
      for (int i = 0; i < FLOODERS; i++) {
        floods.add(threads.submit(flood));
      }
      long began = System.nanoTime();
      try {
        refused.await();
        othersAreServed(quiet);
      } finally {
        over.set(true);
      }
      for (Future<Boolean> each : floods) {
        assertThat(each.get()).isTrue();
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      assertThat(passed.get()).isLessThan((int) (RATE * (seconds + 2)) + RATE);
    }
  }

  private void othersAreServed(Agent quiet) {
    // Routes that are not flooded: at the first try.
    assertThat(gate.get("/v0/whoami", quiet.key()).status()).isEqualTo(200);
    assertThat(gate.get("/v0/vault", quiet.key()).status()).isEqualTo(200);
    assertThat(gate.get("/v0/vault/one/totp", quiet.key()).status()).isEqualTo(200);
    assertThat(gate.store(quiet, "two", Bench.LOGIN).status()).isEqualTo(200);
    // The flooded route: by asking again, as 429 says.
    long end = System.nanoTime() + PATIENCE.toNanos();
    int status;
    do {
      status = gate.get("/v0/vault/one", quiet.key()).status();
    } while (status == 429 && System.nanoTime() - end < 0);
    assertThat(status).isEqualTo(200);
  }
}
