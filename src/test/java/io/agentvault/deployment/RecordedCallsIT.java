package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.faults.CallRecorder;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The roles against the calls that the packaged functions really made while every other black-box
 * test ran: this class runs last.
 */
@Order(Integer.MAX_VALUE)
class RecordedCallsIT {
  private static final Deployment deployment = Deployment.ofDefaults();

  @Test
  void callsWereRecorded() {
    assertThat(CallRecorder.OF_THE_TEST_RUN)
        .as("written by the wire tap while the black-box tests run")
        .exists();
    assertThat(RecordedCalls.read(CallRecorder.OF_THE_TEST_RUN))
        .extracting(RemoteCall::function)
        .contains("vault", "identity", "reaper");
  }

  @ParameterizedTest
  @ValueSource(strings = {"VaultFunction", "BrokerFunction", "IdentityFunction", "ReaperFunction"})
  void everyCallMadeIsAllowed(String function) {
    assertThat(new LeastPrivilege(deployment, calls()).refused(function)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"VaultFunction", "IdentityFunction", "ReaperFunction"})
  void everyActionAllowedIsUsed(String function) {
    assertThat(new LeastPrivilege(deployment, calls()).unused(function)).isEmpty();
  }

  @Test
  void nothingWasScanned() {
    assertThat(calls()).extracting(RemoteCall::operation).doesNotContain("Scan");
  }

  private static List<RemoteCall> calls() {
    return Files.exists(CallRecorder.OF_THE_TEST_RUN)
        ? RecordedCalls.read(CallRecorder.OF_THE_TEST_RUN)
        : List.of();
  }
}
