package io.agentvault.revocation;

import static io.agentvault.revocation.Scene.GET;
import static io.agentvault.revocation.Scene.LINE;
import static io.agentvault.revocation.Scene.PUT;
import static io.agentvault.revocation.Scene.QUERY;
import static io.agentvault.revocation.Scene.REAPING;
import static io.agentvault.revocation.Scene.REVOCATION;
import static io.agentvault.revocation.Scene.assertComplete;
import static io.agentvault.revocation.Scene.of;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.revocation.Api.Reply;
import io.agentvault.revocation.Scene.Victim;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every remote call of a revocation, and of the reaper, breaks in turn, and the process with it;
 * whatever happened, the end is the same: an empty partition, a complete receipt with the exact
 * count, and everybody else's vault as it was.
 */
final class RevokeCrashIT {
  private final Scene scene = Scene.shared();
  private final Victim victim = scene.begin();

  @AfterEach
  void end() {
    scene.end();
  }

  @Test
  void aRevocationMakesTheseCalls() throws InterruptedException {
    assertComplete(scene.revoke(victim));
    assertThat(scene.operations("identity")).isEqualTo(REVOCATION);
    scene.drain();
    assertThat(scene.operations("reaper")).isEqualTo(List.of(GET, GET, QUERY, PUT));
    scene.assertFinished(victim);
  }

  @Test
  void aReaperMakesTheseCallsWhenTheRevocationSweptNothing() throws InterruptedException {
    scene.revokeWithoutSweep(victim);
    scene.drain();
    assertThat(scene.operations("reaper")).isEqualTo(REAPING);
    scene.assertFinished(victim);
  }

  static Stream<Arguments> troublesOfTheRevocation() {
    return Trouble.each(REVOCATION, Trouble.values());
  }

  @ParameterizedTest(name = "call {0}, {1}: {2}")
  @MethodSource("troublesOfTheRevocation")
  void whicheverCallOfTheRevocationBreaksTheEndIsTheSame(
      int index, String operation, Trouble trouble) throws InterruptedException {
    var befallen = trouble.befall(scene.cloud, of("identity"), index);
    Reply reply = scene.revoke(victim);
    befallen.assertHappened();
    assertThat(scene.operations("identity").get(index)).isEqualTo(operation);
    if (trouble.kills()) {
      assertThat(reply.status()).isEqualTo(500);
    } else {
      assertComplete(reply);
    }
    if (index == 0 && trouble == Trouble.KILLED_BEFORE) {
      scene.assertUntouched(victim);
      assertComplete(scene.revoke(victim));
    }
    scene.assertLocked(victim);
    scene.drain();
    scene.assertFinished(victim);
  }

  static Stream<Arguments> troublesOfTheReaper() {
    return Trouble.each(REAPING, Trouble.values());
  }

  @ParameterizedTest(name = "call {0}, {1}: {2}")
  @MethodSource("troublesOfTheReaper")
  void whicheverCallOfTheReaperBreaksTheEndIsTheSame(int index, String operation, Trouble trouble)
      throws InterruptedException {
    scene.revokeWithoutSweep(victim);
    var befallen = trouble.befall(scene.cloud, of("reaper"), index);
    scene.drain();
    befallen.assertHappened();
    assertThat(scene.operations("reaper").get(index)).isEqualTo(operation);
    scene.assertFinished(victim);
  }

  static Stream<Arguments> lastingTroubles() {
    return Trouble.each(REVOCATION, Trouble.NEVER_HEARD, Trouble.ANSWER_LOST);
  }

  @ParameterizedTest(name = "from call {0} on, {1}: {2}")
  @MethodSource("lastingTroubles")
  void whenNoCallGetsThroughAnyMoreTheAnswerIsHonestAndTheReaperDoesTheRest(
      int index, String operation, Trouble trouble) throws InterruptedException {
    trouble.befallFrom(scene.cloud, of("identity"), index);
    Reply reply = scene.revoke(victim);
    assertThat(scene.operations("identity").get(index)).isEqualTo(operation);
    scene.cloud.tap().clearFaults();
    if (index >= LINE) {
      assertComplete(reply); // the line follows by the reaper, the signature when next asked
      assertThat(reply.body().get("signed").isNull()).isTrue();
    } else if (index > 0) {
      Scene.assertIncomplete(reply);
    } else {
      World.assertRefused(reply, 503, "unavailable");
    }
    if (index == 0 && trouble == Trouble.NEVER_HEARD) {
      scene.assertUntouched(victim);
      assertComplete(scene.revoke(victim));
    }
    scene.assertLocked(victim);
    scene.drain();
    scene.assertFinished(victim);
  }
}
