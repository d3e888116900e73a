package io.agentvault.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.faults.Call;
import io.agentvault.revocation.Api.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Eight agents' calls that write, an operator that rotates, and one that revokes, all at once on
 * instances that run in parallel. The revocation begins after so many of the calls were answered,
 * another number in every round.
 */
final class RevokeRaceIT {
  private static final int WRITERS = RaceWriter.values().length;

  /** Revoke before the first call, in their midst, and when all have had a few answers. */
  private static final int ORDERS = 25;

  private static final int MOST_ROTATIONS = 3;
  private static final int ROUNDS_PER_CHECK = 20;
  private static LocalCloud cloud;
  private static Api api;
  private static Table table;
  private static String operator;
  private static final Map<String, Long> answers = new ConcurrentHashMap<>();
  private static final AtomicInteger tokens = new AtomicInteger();

  /** A revoked identity and what was answered. */
  private record Revoked(String id, Set<String> bearers, Reply receipt) {}

  @BeforeAll
  static void start() {
    cloud = LocalCloud.options().maxInstances(WRITERS).start();
    api = new Api(cloud);
    WarmUp.vault(cloud, api, WRITERS);
    table = new Table(cloud);
    operator = api.operator("race", "operator");
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @Test
  void afterARevocationHasAnsweredNothingSucceedsAndNothingIsLeft() throws Exception {
    Map<String, Long> calls = new TreeMap<>();
    List<Revoked> unchecked = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < Rounds.count(); round++) {
        unchecked.add(race(round, threads));
        if (unchecked.size() == ROUNDS_PER_CHECK || round == Rounds.count() - 1) {
          cloud.stream().awaitDrained(Duration.ofSeconds(60));
          Map<String, Set<String>> deletions = deletions();
          unchecked.forEach(each -> assertGone(each, deletions));
          unchecked.clear();
          CallLedger.close(cloud.tap()).forEach((call, n) -> calls.merge(call, n, Long::sum));
        }
      }
    }
    assertThat(cloud.stream().abandoned()).isEmpty();
    assertThat(cloud.tap().conflicted()).as("writes that conflicted").isGreaterThan(Rounds.count());
    System.out.printf(
        "race: %d rounds; %s; conflicts: %d; calls: %s%n",
        Rounds.count(), new TreeMap<>(answers), cloud.tap().conflicted(), calls);
    assertThat(tokens.get()).as("tokens made meanwhile").isGreaterThan(Rounds.count());
    assertThat(answers.keySet())
        .containsAll(Arrays.stream(RaceWriter.values()).map(each -> each + " 200").toList())
        .containsAll(Arrays.stream(RaceWriter.values()).map(each -> each + " 401 after").toList());
  }

  @Test
  void afterARotationHasAnsweredTheOldKeyAndItsTokensOfThreeLevelsAreRefused() throws Exception {
    ObjectNode created = api.create(operator);
    String id = created.get("identityId").asText();
    String key = created.get("rawKey").asText();
    assertThat(api.store(key, "one", Sample.LOGIN.body()).status()).isEqualTo(200);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < Rounds.count(); round++) {
        List<String> bearers = new ArrayList<>(List.of(key));
        for (int level = 0; level < 3; level++) {
          Reply made = api.post(bearers.getLast(), "/v0/tokens", Api.object());
          bearers.add(made.body().get("token").asText());
        }
        AtomicLong answered = new AtomicLong(Long.MAX_VALUE);
        CountDownLatch opened = new CountDownLatch(bearers.size());
        List<Future<Reply>> callers = new ArrayList<>();
        for (String bearer : bearers) {
          callers.add(threads.submit(() -> readUntil(answered, bearer, opened)));
        }
        Reply rotated;
        try {
          assertThat(opened.await(60, TimeUnit.SECONDS)).as("round %d", round).isTrue();
          rotated = api.rotate(operator, id, 0);
        } finally {
          answered.set(System.nanoTime());
        }
        for (Future<Reply> caller : callers) {
          assertThat(caller.get().status()).as("round %d", round).isEqualTo(401);
        }
        key = rotated.body().get("rawKey").asText();
      }
    }
    assertThat(api.get(key, Api.vault("one")).status()).isEqualTo(200);
    CallLedger.close(cloud.tap());
  }

  /** The answer to the first call that began after that moment. */
  private static Reply readUntil(AtomicLong moment, String bearer, CountDownLatch opened) {
    Reply reply;
    do {
      reply = api.get(bearer, Api.vault("one"));
      if (reply.isSuccess()) {
        opened.countDown();
      }
    } while (reply.begun() <= moment.get());
    return reply;
  }

  private static Revoked race(int round, ExecutorService threads)
      throws InterruptedException, ExecutionException {
    ObjectNode created = api.create(operator);
    String id = created.get("identityId").asText();
    RaceKeys keys = new RaceKeys(created.get("rawKey").asText());
    RaceWriter.prepare(api, keys.newest());
    CountDownLatch answersBeforeRevoke = new CountDownLatch(round % ORDERS);
    List<Future<?>> callers = new ArrayList<>();
    for (RaceWriter writer : RaceWriter.values()) {
      callers.add(threads.submit(() -> callUntilGone(writer, keys, answersBeforeRevoke)));
    }
    callers.add(threads.submit(() -> rotateUntilGone(id, keys, round)));
    answersBeforeRevoke.await();
    Reply receipt = api.revoke(operator, id);
    keys.revoked();
    for (Future<?> caller : callers) {
      caller.get();
    }
    assertThat(receipt.status()).isEqualTo(200);
    if (receipt.body().get("complete").asBoolean()) {
      assertThat(table.partition(id)).isEmpty();
    }
    return new Revoked(id, keys.all(), receipt);
  }

  /** Calls until a call that was begun after the revocation's answer has been refused. */
  private static boolean callUntilGone(RaceWriter writer, RaceKeys keys, CountDownLatch answers)
      throws InterruptedException {
    boolean gone = false;
    for (int turn = 0; !gone; ) {
      String key = keys.newest();
      // by the key itself and by a token three levels below it, in turn
      String bearer = turn % 2 == 0 ? key : keys.tokenOf(key, maker -> token(maker)).orElse(key);
      Reply reply = writer.call(api, bearer, turn);
      answers.countDown();
      gone = keys.wereRevokedBefore(reply);
      count(writer.name(), reply.status(), gone);
      if (reply.status() == 401) {
        keys.awaitChange(key);
      } else {
        assertThat(gone).as("%s: %s after the answer", writer, reply.status()).isFalse();
        assertThat(writer.allows(reply.status())).as("%s %s", writer, reply.body()).isTrue();
        turn++;
      }
    }
    return gone;
  }

  private static Optional<String> token(String maker) {
    Optional<String> token = Optional.of(maker);
    for (int level = 0; level < 3; level++) {
      token =
          token
              .map(each -> api.post(each, "/v0/tokens", Api.object()))
              .filter(Reply::isSuccess)
              .map(made -> made.body().get("token").asText());
    }
    token.ifPresent(made -> tokens.incrementAndGet());
    return token;
  }

  /** Rotates in every other round; the old key keeps working for a day in half of these. */
  private static void rotateUntilGone(String id, RaceKeys keys, int round) {
    boolean gone = round % 2 == 0;
    for (int turn = 0; turn < MOST_ROTATIONS && !gone; turn++) {
      Reply reply = api.rotate(operator, id, round % 4 == 1 ? 86_400 : 0);
      count("ROTATES", reply.status(), keys.wereRevokedBefore(reply));
      if (reply.isSuccess()) {
        assertThat(keys.wereRevokedBefore(reply)).as("rotated after the answer").isFalse();
        keys.add(reply.body().get("rawKey").asText());
      } else {
        assertThat(reply.status()).isEqualTo(404);
        gone = true;
      }
    }
  }

  private static void count(String who, int status, boolean after) {
    answers.merge(who + " " + status + (after ? " after" : ""), 1L, Long::sum);
  }

  /** By identity, what the functions have deleted from its partition. */
  private static Map<String, Set<String>> deletions() {
    Map<String, Set<String>> deletions = new HashMap<>();
    cloud.tap().calls().stream()
        .filter(Call.operation("BatchWriteItem"))
        .flatMap(call -> call.request().getJsonObject("RequestItems").values().stream())
        .flatMap(writes -> writes.asJsonArray().stream())
        .map(write -> write.asJsonObject().getJsonObject("DeleteRequest").getJsonObject("Key"))
        .filter(key -> key.getJsonObject("sk").getString("S").startsWith("CREDENTIAL#"))
        .forEach(
            key ->
                deletions
                    .computeIfAbsent(
                        key.getJsonObject("pk").getString("S"), partition -> new HashSet<>())
                    .add(key.getJsonObject("sk").getString("S")));
    return deletions;
  }

  private static void assertGone(Revoked revoked, Map<String, Set<String>> deletions) {
    assertThat(table.partition(revoked.id())).isEmpty();
    Reply again = api.revoke(operator, revoked.id());
    assertThat(again.body().get("complete").asBoolean()).isTrue();
    assertThat(again.body().get("revokedAt")).isEqualTo(revoked.receipt().body().get("revokedAt"));
    assertThat(again.body().get("credentialsDestroyed").asInt())
        .isEqualTo(deletions.getOrDefault("AGENT#" + revoked.id(), Set.of()).size());
    for (String key : revoked.bearers()) {
      assertThat(api.get(key, "/v0/whoami").status()).isEqualTo(401);
    }
  }
}
