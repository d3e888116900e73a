package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.faults.CallRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallRecorderTest {
  private static final List<RemoteCall> calls = RecordedCalls.read(RecordedCalls.DOCUMENTED);
  private static final Deployment deployment = Deployment.ofDefaults();

  @TempDir private Path directory;

  @Test
  void shapesAskIamTheSameAsTheRequestsThemselves() {
    List<RemoteCall> shapes = recorded(calls);
    assertThat(shapes).hasSameSizeAs(calls);
    for (String function : RolesTest.functions()) {
      LeastPrivilege least = new LeastPrivilege(deployment, shapes);
      assertThat(least.refused(function)).isEmpty();
      assertThat(least.unused(function)).isEmpty();
    }
  }

  @Test
  void sameShapeIsWrittenOnce() {
    assertThat(recorded(List.of(calls.getFirst(), calls.getFirst()))).hasSize(1);
  }

  @Test
  void noValueIsWritten() throws IOException {
    recorded(calls);
    assertThat(Files.readString(file()))
        .doesNotContain("000000A", "default", "CREDENTIAL#mail", "AA==");
  }

  private List<RemoteCall> recorded(List<RemoteCall> made) {
    CallRecorder recorder = CallRecorder.into(file());
    made.forEach(
        call -> recorder.accept(call.function(), call.service(), call.operation(), call.request()));
    return RecordedCalls.read(file());
  }

  private Path file() {
    return directory.resolve("calls.jsonl");
  }
}
