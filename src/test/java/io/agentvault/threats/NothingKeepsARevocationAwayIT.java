package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.template.Template.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Three things at once, on one account's concurrency with reservations: strangers flood every route
 * that stands open, an agent parks 32 callers that wait for a code, and the agent that is to be
 * revoked floods its own vault with writes through both functions that take them. Every revocation
 * by the operators' own way in answers. {@code -Dvault.flood.seconds=60} makes it last, and then
 * holds each answer to 3 seconds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NothingKeepsARevocationAwayIT {
  private static final int USUAL_SECONDS = 10;
  private static final Duration FLOOD =
      Duration.ofSeconds(Integer.getInteger("vault.flood.seconds", USUAL_SECONDS));
  private static final Duration PROMISED = Duration.ofSeconds(3);

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int STRANGERS = 8;
  private static final int PARKED = 32;
  private static final int WRITERS = 4;

  /** What a revocation waits for, so that it comes in the midst of writes that succeed. */
  private static final int WRITES_BEFORE = 6;

  private static final int LEAST_REVOCATIONS = 5;
  private static final int MOST_TRIES = 5;

  /** For {@code vault}, of an account's {@link #ACCOUNT}: fewer than the parked callers take. */
  private static final int REST = 6;

  private static final int IDENTITY = 6;
  private static final int BROKER = 4;
  private static final int ACCOUNT = REST + IDENTITY + BROKER + 2;

  /** Every 15 seconds a new code: fewer are left at every moment, so every caller waits. */
  private static final String PARKING =
      "{\"type\":\"TOTP\",\"data\":{\"otpauth\":\"otpauth://totp/x?period=15&secret="
          + Bench.SEED
          + "\"}}";

  private static final String MCP_STORE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"vault_store\","
          + "\"arguments\":{\"label\":\"%s\",\"type\":\"LOGIN\",\"data\":{\"username\":\"u\",\"password\":\"p\"}}}}";

  private final LocalCloud cloud =
      LocalCloud.options()
          .throttled()
          .concurrency(ACCOUNT)
          .parameter("OperatorAccess", "iam")
          .parameter("ReservedForIdentity", "" + IDENTITY)
          .parameter("ReservedForReaper", "1")
          .parameter("ReservedForBroker", "" + BROKER)
          .parameter("ReservedForScribe", "1")
          .parameter("PlatformCallsPerSecond", "1")
          .start();
  private final Gate gate = new Gate(cloud);
  private final Gate operators = new Gate(cloud, cloud.url("OperatorApi").orElseThrow());
  private final String tenant = Gate.tenant();
  private final String operator = gate.operator(tenant);
  private final List<Route> open =
      cloud.template().functions().stream()
          .flatMap(each -> each.routes().stream())
          .filter(route -> route.api().equals("Api"))
          .toList();
  private final StrangersFlood strangers = new StrangersFlood(gate, open);
  private final AtomicLong parked = new AtomicLong();
  private final AtomicLong turnedAway = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final List<Duration> took = Collections.synchronizedList(new ArrayList<>());
  private int repeated;

  @BeforeAll
  void warm() {
    cloud.function("identity").warm(IDENTITY);
    cloud.function("vault").warm(REST);
    cloud.function("broker").warm(BROKER);
    Bench.patiently(gate);
    // What an instance of the JVM does for the first time takes seconds beside floods.
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < IDENTITY; i++) {
        threads.execute(() -> revoke(create()));
      }
    }
    repeated = 0;
    cloud.tap().record(false);
  }

  @AfterAll
  void stop() {
    cloud.close();
  }

  @Test
  void everyRevocationByTheOperatorsWayInAnswers() throws Exception {
    Agent parking = create();
    assertThat(storedAtLast(parking, PARKING)).isTrue();
    AtomicBoolean over = new AtomicBoolean();
    long conflictsBefore = cloud.tap().conflicted();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> floods = new ArrayList<>();
      for (int i = 0; i < STRANGERS; i++) {
        floods.add(threads.submit(() -> until(over, strangers::ask)));
      }
      for (int i = 0; i < PARKED; i++) {
        floods.add(threads.submit(() -> until(over, () -> park(parking))));
      }
      try {
        long end = System.nanoTime() + FLOOD.toNanos();
        while (System.nanoTime() - end < 0 || took.size() < LEAST_REVOCATIONS) {
          revokeInTheMidstOfWrites(threads);
        }
      } finally {
        over.set(true);
      }
      for (Future<?> each : floods) {
        each.get();
      }
    }
    long conflicts = cloud.tap().conflicted() - conflictsBefore;
    tell(conflicts);
    // All three floods were there, and were turned away where they should be.
    assertThat(strangers.rounds()).isPositive();
    assertThat(strangers.answers()).containsKeys(401, 429).doesNotContainKeys(201, 500);
    assertThat(parked.get()).as("parked callers that were answered").isPositive();
    assertThat(turnedAway.get()).as("callers for whom no instance was left").isPositive();
    assertThat(written.get()).isGreaterThanOrEqualTo((long) WRITES_BEFORE * took.size());
    assertThat(conflicts).as("writes that conflicted").isPositive();
    if (FLOOD.toSeconds() > USUAL_SECONDS) {
      assertThat(took).allSatisfy(each -> assertThat(each).isLessThan(PROMISED));
    }
  }

  private static boolean until(AtomicBoolean over, Runnable turn) {
    while (!over.get()) {
      turn.run();
    }
    return true;
  }

  private Agent create() {
    Reply created = operators.send("POST", "/v0/platform/identities", operator, "{}");
    for (int tries = 1; created.status() != 201 && tries < MOST_TRIES; tries++) {
      created = operators.send("POST", "/v0/platform/identities", operator, "{}");
    }
    assertThat(created.status()).isEqualTo(201);
    JsonNode body = created.json();
    return new Agent(tenant, body.path("identityId").asText(), body.path("rawKey").asText());
  }

  private boolean storedAtLast(Agent agent, String body) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      if (gate.store(agent, "parked", body).status() == 200) {
        return true;
      }
    }
    return false;
  }

  /** Waits for the next code, or is turned away because nobody is left who could. */
  private void park(Agent agent) {
    int status = gate.get("/v0/vault/parked/totp?minRemaining=15&wait=true", agent.key()).status();
    if (status == 429 || status == 503) {
      turnedAway.incrementAndGet();
      LockSupport.parkNanos(PAUSE.toNanos()); // the machine is for more than refusals
    } else {
      parked.incrementAndGet();
    }
  }

  private void revokeInTheMidstOfWrites(ExecutorService threads)
      throws InterruptedException, ExecutionException {
    Agent victim = create();
    CountDownLatch writes = new CountDownLatch(WRITES_BEFORE);
    AtomicBoolean revoked = new AtomicBoolean();
    List<Future<?>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int number = i;
      writers.add(threads.submit(() -> writeUntilGone(victim, number, writes, revoked)));
    }
    assertThat(writes.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("writes").isTrue();
    long begun = System.nanoTime();
    Reply receipt = revoke(victim);
    took.add(Duration.ofNanos(System.nanoTime() - begun));
    revoked.set(true);
    assertThat(receipt.status()).as("%s", receipt).isEqualTo(200);
    assertThat(receipt.json().path("keyDestroyed").asBoolean()).isTrue();
    for (Future<?> each : writers) {
      each.get();
    }
  }

  /** As an operator's client does: what Lambda itself turned away is asked again. */
  private Reply revoke(Agent victim) {
    Reply receipt = operators.send("DELETE", path(victim), operator, "");
    for (int tries = 1; receipt.status() == 503 && tries < MOST_TRIES; tries++) {
      repeated++;
      receipt = operators.send("DELETE", path(victim), operator, "");
    }
    return receipt;
  }

  private static String path(Agent victim) {
    return "/v0/platform/identities/" + victim.id();
  }

  /** In turn by the REST route and, on the broker's instances, by MCP; until the key is dead. */
  private boolean writeUntilGone(
      Agent victim, int writer, CountDownLatch writes, AtomicBoolean revoked) {
    for (int turn = 0; ; turn++) {
      boolean late = revoked.get();
      String label = "w" + writer + "-" + turn % 5;
      Reply reply =
          writer == 0
              ? gate.store(victim, label, Bench.LOGIN)
              : gate.send("POST", "/mcp", victim.key(), MCP_STORE.formatted(label));
      if (reply.status() == 401) {
        assertThat(writes.getCount()).as("writes still to come before the revocation").isZero();
        return true;
      }
      if (reply.status() == 200 && succeeded(reply.json())) {
        assertThat(late).as("a write that began after the answer succeeded").isFalse();
        written.incrementAndGet();
        writes.countDown();
      }
    }
  }

  /** Over MCP a failure is a result. */
  private static boolean succeeded(JsonNode answer) {
    return !answer.has("error") && !answer.path("result").path("isError").asBoolean();
  }

  private void tell(long conflicts) {
    List<Duration> sorted = took.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "under flood for %d s: %d revocations, median %d ms, longest %d ms, %d repeated;"
            + " strangers %s; parked %d answered, %d turned away; %d writes, %d conflicts%n",
        FLOOD.toSeconds(),
        sorted.size(),
        sorted.get(sorted.size() / 2).toMillis(),
        sorted.getLast().toMillis(),
        repeated,
        strangers.answers(),
        parked.get(),
        turnedAway.get(),
        written.get(),
        conflicts);
  }
}
