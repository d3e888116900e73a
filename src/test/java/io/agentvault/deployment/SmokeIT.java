package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.deployment.Script.Result;
import io.agentvault.local.LocalCloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The smoke test that follows every deployment, against the packaged functions. */
class SmokeIT {
  private final LocalCloud cloud = LocalCloud.shared();
  private final String token = cloud.operators().mint("smoke", Duration.ofMinutes(5));

  @TempDir private Path bin;

  @Test
  void everyStepAnswersAsItShould() {
    Result result = Script.named("smoke").with("OPERATOR_TOKEN", token).run(cloud.url());
    assertThat(result.error()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.output().lines().filter(line -> line.startsWith("ok "))).hasSize(33);
    assertThat(result.output()).doesNotContain("avk_", token);
  }

  @Test
  void noKeyAndNoTokenStandsInTheArgumentsOfAProcess() throws IOException {
    Path arguments = bin.resolve("arguments");
    Path curl = bin.resolve("curl");
    Files.writeString(
        curl,
        "#!/bin/bash\nprintf '%s\\n' \"$@\" >>\""
            + arguments
            + "\"\nPATH=$REAL exec curl \"$@\"\n");
    assertThat(curl.toFile().setExecutable(true)).isTrue();
    Result result =
        Script.named("smoke")
            .with("OPERATOR_TOKEN", token)
            .with("REAL", System.getenv("PATH"))
            .with("PATH", bin + ":" + System.getenv("PATH"))
            .run(cloud.url());
    assertThat(result.status()).isZero();
    assertThat(Files.readString(arguments)).doesNotContain("avk_", token, "Bearer", "password");
  }

  @Test
  void refusedTokenIsSaidInOneSentence() {
    Result result = Script.named("smoke").with("OPERATOR_TOKEN", "no.to.ken").run(cloud.url());
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.error())
        .hasLineCount(1)
        .contains("create an identity: expected 201, got 401 (unauthorized)");
  }

  @Test
  void vaultThatIsNotThereIsSaidInOneSentence() {
    Result result = Script.named("smoke").with("OPERATOR_TOKEN", token).run("http://127.0.0.1:1");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.error()).contains("got no answer from http://127.0.0.1:1");
  }
}
