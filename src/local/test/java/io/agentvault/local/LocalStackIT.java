package io.agentvault.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --localstack} where it cannot work: one sentence that says what to do, and status 1. */
final class LocalStackIT {
  @TempDir private Path data;

  @Test
  void withoutDockerTheStartFailsWithOneSentenceThatSaysWhatToDo()
      throws IOException, InterruptedException {
    assumeFalse(dockerAnswers(), "Docker answers here: its absence was not tried");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                DevMain.class.getName(),
                "--data",
                data.toString(),
                "--port",
                Integer.toString(freePort()),
                "--localstack",
                "true")
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isEqualTo(1);
    assertThat(output)
        .startsWith("dev: --localstack needs Docker")
        .contains("docker pull " + LocalStack.IMAGE)
        .doesNotContain("\n");
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return probe.getLocalPort();
    }
  }

  private static boolean dockerAnswers() throws InterruptedException {
    try {
      return new ProcessBuilder("docker", "version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
