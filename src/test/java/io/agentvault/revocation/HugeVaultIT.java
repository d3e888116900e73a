package io.agentvault.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.local.faults.Call;
import io.agentvault.revocation.Api.Reply;
import io.agentvault.revocation.Scene.Victim;
import io.agentvault.revocation.Trouble.Befallen;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A vault of many megabytes is emptied and counted exactly, though the operator's calls and the
 * reaper sweep it at the same time and instances of both die at random calls. {@code
 * -Dvault.megabytes=1024 -Dvault.dynamodb.heap=8g} makes it 1 GB, {@code -Dvault.seed} repeats a
 * run.
 */
final class HugeVaultIT {
  private static final int USUAL = 20;
  private static final int MEGABYTES = Integer.getInteger("vault.megabytes", USUAL);
  private static final long SEED = Long.getLong("vault.seed", System.nanoTime());

  /** As large as a credential may be, near enough, and so many to a megabyte. */
  private static final int SEALED_BYTES = 65_000;

  private static final int PER_MEGABYTE = 16;
  private static final int CREDENTIALS = MEGABYTES * PER_MEGABYTE;

  /** A page of a query is a megabyte, and takes more than two calls. */
  private static final int LEAST_CALLS = 2 * MEGABYTES;

  private static final int KILLS = 2 * Math.clamp(MEGABYTES / 10, 2, 20);
  private static final int MOST_TRIES = 200;

  /** With more than usual in one partition, DynamoDB Local does not always answer in time. */
  private static final Set<Integer> SLOW = MEGABYTES > USUAL ? Set.of(503) : Set.of();

  private final Scene scene = Scene.shared();
  private final Random random = new Random(SEED);

  @AfterEach
  void end() {
    scene.end();
  }

  @Test
  void isEmptiedAndCountedWhoeverDiesWhere() throws InterruptedException {
    ObjectNode created = scene.api.create(scene.operator);
    Victim victim = new Victim(created.get("identityId").asText(), created.get("rawKey").asText());
    scene.table.fill(victim.id(), CREDENTIALS, SEALED_BYTES);
    scene.cloud.tap().clear();
    List<Befallen> kills = List.of(kills(Trouble.KILLED_BEFORE), kills(Trouble.KILLED_AFTER));
    long begun = System.nanoTime();
    int tries = 0;
    int died = 0;
    Reply receipt;
    do {
      receipt = scene.revoke(victim);
      tries++;
      died += receipt.status() == 500 ? 1 : 0;
      assertThat(receipt.status()).as("seed %d", SEED).isIn(or(SLOW, 200, 500));
      if (receipt.status() == 200) {
        // not by reading what is left: it may be a gigabyte
        assertThat(whoami(victim)).as("seed %d", SEED).isIn(or(SLOW, 401));
      }
    } while (!receipt.body().path("complete").asBoolean() && tries < MOST_TRIES);
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    scene.drain();
    assertThat(scene.table.partition(victim.id())).as("seed %d", SEED).isEmpty();
    assertThat(whoami(victim)).as("seed %d", SEED).isEqualTo(401);
    Reply last = scene.revoke(victim);
    assertThat(last.body().get("complete").asBoolean()).isTrue();
    assertThat(last.body().get("credentialsDestroyed").asInt())
        .as("seed %d", SEED)
        .isEqualTo(CREDENTIALS);
    int killed = kills.stream().mapToInt(Befallen::struck).sum();
    assertThat(killed).as("seed %d", SEED).isEqualTo(KILLS);
    System.out.printf(
        Locale.ROOT,
        "vault of %,d MB, %,d credentials: emptied and counted in %,d ms by %d calls of the"
            + " operator, %d of which died, and the reaper; %d instances killed; seed %d%n",
        MEGABYTES,
        CREDENTIALS,
        took.toMillis(),
        tries,
        died,
        killed,
        SEED);
  }

  private static Set<Integer> or(Set<Integer> more, Integer... statuses) {
    return Stream.concat(more.stream(), Stream.of(statuses)).collect(Collectors.toSet());
  }

  private int whoami(Victim victim) {
    return scene.api.get(victim.key(), "/v0/whoami").status();
  }

  /** Half of them, at calls of which there will be so many whoever makes them. */
  private Befallen kills(Trouble trouble) {
    Predicate<Call> either = Call.by("identity").or(Call.by("reaper"));
    int parity = trouble == Trouble.KILLED_BEFORE ? 0 : 1;
    Set<Integer> numbers =
        IntStream.generate(() -> 2 * random.nextInt(LEAST_CALLS / 2) + parity)
            .filter(number -> number > 0)
            .distinct()
            .limit(KILLS / 2)
            .boxed()
            .collect(Collectors.toSet());
    return trouble.befall(scene.cloud, either, numbers::contains);
  }
}
