package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.faults.CallRecorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The roles against the calls that the packaged functions really made while every other black-box
 * test ran: the build runs this class by itself, after them.
 */
class RecordedCallsIT {
  /** Unit tests of the wire tap make calls of their own, which no function makes. */
  private static final String BLACK_BOX = "process-";

  private static final Deployment deployment = Deployment.ofDefaults();

  private static final List<RemoteCall> calls = calls();

  @Test
  void callsWereRecorded() {
    assertThat(calls)
        .as("written by the wire tap while the black-box tests run")
        .extracting(RemoteCall::function)
        .contains("vault", "identity", "reaper", "scribe");
  }

  @ParameterizedTest
  @MethodSource("io.agentvault.deployment.Deployment#functions")
  void everyCallMadeIsAllowed(String function) {
    assertThat(new LeastPrivilege(deployment, calls).refused(function)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"VaultFunction", "IdentityFunction", "ReaperFunction", "ScribeFunction"})
  void everyActionAllowedIsUsed(String function) {
    assertThat(new LeastPrivilege(deployment, calls).unused(function)).isEmpty();
  }

  @Test
  void nothingWasScanned() {
    assertThat(calls).extracting(RemoteCall::operation).doesNotContain("Scan");
  }

  private static List<RemoteCall> calls() {
    if (!Files.isDirectory(CallRecorder.OF_THE_TEST_RUN)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(CallRecorder.OF_THE_TEST_RUN)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(BLACK_BOX))
          .flatMap(file -> RecordedCalls.read(file).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
