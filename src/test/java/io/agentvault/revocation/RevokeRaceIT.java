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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
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
  private static final int LEVELS = 3;
  private static final int ROUNDS_PER_CHECK = 20;
  private static LocalCloud cloud;
  private static Api api;
  private static Table table;
  private static String operator;
  private static final Map<String, Long> answers = new ConcurrentHashMap<>();
  private static final AtomicInteger made = new AtomicInteger();
  private static final AtomicInteger refused = new AtomicInteger();

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
  void whatARotationOrTheRevocationHasEndedIsRefusedFromItsAnswerOnAndNothingIsLeft()
      throws Exception {
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
    assertThat(made.get()).as("lines of tokens made meanwhile").isGreaterThan(Rounds.count());
    assertThat(refused.get()).as("bearers rotated away").isGreaterThan(2 * Rounds.count());
    assertThat(answers.keySet())
        .containsAll(Arrays.stream(RaceWriter.values()).map(each -> each + " 200").toList())
        .containsAll(Arrays.stream(RaceWriter.values()).map(each -> each + " 401 after").toList());
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
      String bearer = turn % 2 == 0 ? key : bearers(key, keys).getLast();
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

  /** A key, and a token of each of three levels below it as long as the key works. */
  private static List<String> bearers(String key, RaceKeys keys) {
    List<String> bearers = new ArrayList<>(List.of(key));
    bearers.addAll(keys.tokensOf(key, RevokeRaceIT::tokens));
    return bearers;
  }

  private static List<String> tokens(String key) {
    List<String> tokens = new ArrayList<>();
    String maker = key;
    for (int level = 0; level < LEVELS; level++) {
      Reply reply = api.post(maker, "/v0/tokens", Api.object());
      if (!reply.isSuccess()) {
        return List.of();
      }
      maker = reply.body().get("token").asText();
      tokens.add(maker);
    }
    made.incrementAndGet();
    return tokens;
  }

  /**
   * Rotates in three rounds of four. In a third of these the old key keeps working for a day; in
   * the others it and its tokens are refused as soon as the rotation has answered.
   */
  private static void rotateUntilGone(String id, RaceKeys keys, int round) {
    int grace = round % 4 == 1 ? 86_400 : 0;
    boolean gone = round % 4 == 0;
    for (int turn = 0; turn < MOST_ROTATIONS && !gone; turn++) {
      List<String> old = bearers(keys.newest(), keys);
      Reply reply = api.rotate(operator, id, grace);
      count("ROTATES", reply.status(), keys.wereRevokedBefore(reply));
      if (reply.isSuccess()) {
        assertThat(keys.wereRevokedBefore(reply)).as("rotated after the answer").isFalse();
        keys.add(reply.body().get("rawKey").asText());
        if (grace == 0) {
          assertRefused(old);
        }
      } else {
        assertThat(reply.status()).isEqualTo(404);
        gone = true;
      }
    }
  }

  private static void assertRefused(List<String> bearers) {
    for (String bearer : bearers) {
      assertThat(api.get(bearer, Api.vault(RaceWriter.COUNTER)).status())
          .as("level %d after the rotation's answer", bearers.indexOf(bearer))
          .isEqualTo(401);
      refused.incrementAndGet();
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
