package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.deployment.Script.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void serviceRoleAndBoundaryAreThoseThatWerePreparedForTheStage() throws IOException {
    deploy.run("--no-build", "--no-smoke", "--yes", "prod");
    assertThat(asked())
        .containsSequence("--role-arn", "arn:aws:iam::1:role/cloudformation-agent-vault-prod")
        .contains("PermissionsBoundaryArn=\"arn:aws:iam::1:policy/boundary-agent-vault-prod\"");
    deploy.run("--no-build", "--no-smoke", "dev");
    assertThat(asked()).doesNotContain("--role-arn").noneMatch(it -> it.startsWith("Permissions"));
  }

  @Test
  void releaseIsDeployedOnceItsChecksumAndItsProvenanceHold() throws IOException {
    released("arm64 archive", "arm64 archive", "exit 0");
    Result result = deploy.run("--release", "v1.2.3", "--repository", "o/r", "--no-smoke", "dev");
    assertThat(result.error()).isEmpty();
    assertThat(result.output()).contains("function-arm64.zip of v1.2.3: checksum and provenance");
    assertThat(checkout.resolve("target/native/function.zip")).hasContent("arm64 archive");
    assertThat(Files.readAllLines(bin.resolve("verified")))
        .containsSequence("--repo", "o/r", "--source-ref", "refs/tags/v1.2.3")
        .containsSequence("--signer-workflow", "o/r/.github/workflows/release.yml");
    assertThat(asked()).contains("deploy");
  }

  @ParameterizedTest
  @CsvSource({
    "another archive, exit 0, is not what its SHA256SUMS says",
    "arm64 archive, exit 1, was not built by that repository's release workflow"
  })
  void releaseThatIsNotWhatItClaimsIsNotDeployed(String content, String verdict, String said)
      throws IOException {
    released("arm64 archive", content, verdict);
    Result refused = deploy.run("--release", "v1.2.3", "--repository", "o/r", "dev");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.error()).hasLineCount(1).contains(said);
    assertThat(checkout.resolve("target/native/function.zip")).isEmptyFile();
    assertThat(bin.resolve("asked")).doesNotExist();
  }

  @Test
  void releaseThatIsNotCheckedOutIsNotDeployed() throws IOException {
    released("arm64 archive", "arm64 archive", "exit 0");
    provide("git", "case $* in *HEAD) echo aaaa ;; *) echo bbbb ;; esac");
    Result refused = deploy.run("--release", "v1.2.3", "--repository", "o/r", "dev");
    assertThat(refused.error()).hasLineCount(1).contains("this checkout is not v1.2.3");
  }

  /** A GitHub that publishes {@code summed}'s checksum and hands out {@code content}. */
  private void released(String summed, String content, String verdict) throws IOException {
    String sum = HexFormat.of().formatHex(sha256(summed.getBytes(StandardCharsets.UTF_8)));
    provide("git", "echo aaaa");
    provide(
        "gh",
        """
        if [[ $1 == attestation ]]; then
          printf '%%s\n' "$@" >"%s/verified"
          %s
        fi
        while [[ $1 != --dir ]]; do shift; done
        printf '%s' >"$2/function-arm64.zip"
        echo "%s  function-arm64.zip" >"$2/SHA256SUMS"
        """
            .formatted(bin, verdict, content, sum));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
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
