package io.agentvault.local.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class WatchdogTest {
  @Test
  void processesEndWithAJvmThatIsKilled()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of("target/test-classes").toAbsolutePath().toString(),
                WatchdogVictim.class.getName())
            .start();
    long pid = Long.parseLong(jvm.inputReader().readLine());
    ProcessHandle orphan = ProcessHandle.of(pid).orElseThrow();
    assertThat(orphan.isAlive()).isTrue();
    jvm.destroyForcibly().waitFor();
    orphan.onExit().get(30, TimeUnit.SECONDS);
    assertThat(orphan.isAlive()).isFalse();
  }

  @Test
  void closingEndsWhatStillRunsAndLeavesTheRestAlone() throws IOException, InterruptedException {
    Process watched = new ProcessBuilder("sleep", "600").start();
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try (Watchdog watchdog = new Watchdog()) {
      watchdog.watch(watched);
    }
    assertThat(watched.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(stranger.isAlive()).isTrue();
    stranger.destroyForcibly();
  }
}
