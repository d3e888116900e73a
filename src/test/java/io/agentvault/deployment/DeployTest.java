package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.deployment.Script.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code scripts/deploy} asks of the AWS and SAM command lines, which stand-ins write down.
 */
class DeployTest {
  private static final String ARM = "\\xb7\\x00";
  private static final String INTEL = "\\x3e\\x00";

  @TempDir private Path bin;
  @TempDir private Path checkout;
  private Script deploy = Script.named("deploy");

  @BeforeEach
  void standIns() throws IOException {
    provide(
        "aws",
        "case $1 in sts) echo arn:aws:iam::1:user/me ;; *) echo https://api.example ;; esac");
    provide("sam", "printf '%s\\n' \"$@\" >\"" + bin + "/asked\"");
    zipIsFor(ARM);
    for (String file :
        List.of(
            "scripts/deploy",
            "scripts/operator-token",
            "scripts/lib/aws.sh",
            "infra/stages/dev.conf",
            "infra/stages/prod.conf")) {
      Files.createDirectories(checkout.resolve(file).getParent());
      Files.copy(Path.of(file), checkout.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    Files.createDirectories(checkout.resolve("target/native"));
    Files.createFile(checkout.resolve("target/native/function.zip"));
    deploy = deploy.in(checkout).with("PATH", bin + ":/usr/bin:/bin");
  }

  @Test
  void stageIsDeployedWithItsSettingsAndThoseOfTheCommandLineOverThem() throws IOException {
    Result result =
        deploy.run("--no-build", "--no-smoke", "dev", "RecoveryDays=3", "FunctionMemory=1024");
    assertThat(result.error()).isEmpty();
    assertThat(result.output()).contains("serves at https://api.example");
    assertThat(asked())
        .containsSequence("--stack-name", "agent-vault-dev", "--region", "us-east-1")
        .contains("--no-confirm-changeset", "CAPABILITY_IAM")
        .contains("Stage=\"dev\"", "RecoveryDays=\"3\"", "FunctionMemory=\"1024\"")
        .doesNotContain("RecoveryDays=\"1\"");
  }

  @Test
  void operatorKeysPublicHalfBecomesAParameterThatSamReadsWhole() throws IOException {
    Path key = bin.resolve("operator.pem");
    String jwks = Script.named("operator-token").run("init", "--key", key.toString()).output();
    deploy.run("--no-build", "--no-smoke", "--operator-key", key.toString(), "dev");
    assertThat(asked()).contains("OperatorJwks=\"" + jwks.strip().replace("\"", "\\\"") + "\"");
  }

  @Test
  void productionAsksFirst() throws IOException {
    deploy.run("--no-build", "--no-smoke", "prod");
    assertThat(asked()).contains("--confirm-changeset");
    deploy.run("--no-build", "--no-smoke", "--yes", "prod");
    assertThat(asked()).contains("--no-confirm-changeset");
  }

  @Test
  void binaryForAnotherProcessorIsNotDeployed() throws IOException {
    zipIsFor(INTEL);
    Result refused = deploy.run("--no-build", "dev");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.error()).hasLineCount(1).contains("for x86_64 and the stage for arm64");
    assertThat(deploy.run("--no-build", "--no-smoke", "dev", "Architecture=x86_64").status())
        .isZero();
  }

  @Test
  void packageForTheJvmIsNotDeployed() throws IOException {
    provide("unzip", "exit 11");
    Result refused = deploy.run("--no-build", "dev");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.error()).hasLineCount(1).contains("holds no native binary");
    assertThat(bin.resolve("asked")).doesNotExist();
  }

  @Test
  void nothingIsBuiltWithoutTheNativeScript() {
    assertThat(deploy.run("dev").error()).hasLineCount(1).contains("scripts/native is missing");
  }

  /** The zip's bootstrap, as far as its ELF header says which processor it is for. */
  private void zipIsFor(String machine) throws IOException {
    provide("unzip", "printf '\\x7fELF%014d" + machine + "' 0");
  }

  private List<String> asked() throws IOException {
    return Files.readAllLines(bin.resolve("asked"));
  }

  private void provide(String tool, String body) throws IOException {
    Path file = bin.resolve(tool);
    Files.writeString(file, "#!/bin/bash\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
