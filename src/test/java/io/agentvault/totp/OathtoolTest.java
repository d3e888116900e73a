package io.agentvault.totp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our codes beside those of {@code oathtool} (OATH Toolkit), which shares no code with us. One
 * shell runs all of a test's calls, to spare the JVM a thousand forks.
 */
class OathtoolTest {
  private static final List<Algorithm> ALGORITHMS = List.of(Algorithm.values());
  private static final int CASES = 1000;
  private static final long YEAR_2242_SECONDS = 1L << 33;
  private static final long TIMEOUT_SECONDS = 60;

  @TempDir Path directory;

  /** What a case asks of oathtool, and what we say. */
  private record Case(String arguments, String ours) {}

  /** Before each and not before all: only then does the report count and name what was skipped. */
  @BeforeEach
  void oathtoolIsThere() {
    boolean found =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .anyMatch(entry -> Files.isExecutable(Path.of(entry, "oathtool")));
    assumeTrue(found, "skipped: oathtool is not on the PATH (Debian and Ubuntu: package oathtool)");
  }

  @Test
  void totpIsThatOfOathtool() throws Exception {
    var random = new Random(6238);
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      cases.add(totp(random));
    }
    assertSameAsOathtool(cases);
  }

  @Test
  void hotpIsThatOfOathtool() throws Exception {
    var random = new Random(4226);
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      cases.add(hotp(random));
    }
    assertSameAsOathtool(cases);
  }

  private static Case totp(Random random) {
    String seed = seed(random);
    Algorithm algorithm = algorithm(random);
    int digits = random.nextInt(6, 9);
    int period = random.nextBoolean() ? 30 : random.nextInt(1, 3601);
    long second = random.nextLong(YEAR_2242_SECONDS);
    TimedCode code =
        Otp.of("f", seed, algorithm.name(), digits, period).at(Instant.ofEpochSecond(second));
    return new Case(
        "--totp=%s -b -d %d -s %ds -N @%d %s"
            .formatted(lower(algorithm), digits, period, second, seed),
        code.code());
  }

  /** oathtool's HOTP has SHA1 only; a TOTP of one second is the HOTP of its time. */
  private static Case hotp(Random random) {
    String seed = seed(random);
    Algorithm algorithm = algorithm(random);
    int digits = random.nextInt(6, 9);
    long counter = random.nextLong(YEAR_2242_SECONDS);
    Otp otp =
        Otp.parse(
            "f",
            "otpauth://hotp/a?secret=%s&algorithm=%s&digits=%d&counter=%d"
                .formatted(seed, algorithm, digits, counter));
    String mode =
        algorithm == Algorithm.SHA1
            ? "--hotp -c " + counter
            : "--totp=%s -s 1s -N @%d".formatted(lower(algorithm), counter);
    return new Case(
        "%s -b -d %d %s".formatted(mode, digits, seed), ((Otp.Hotp) otp).at(counter).code());
  }

  private void assertSameAsOathtool(List<Case> cases) throws IOException, InterruptedException {
    List<String> calls = cases.stream().map(c -> "oathtool " + c.arguments()).toList();
    List<String> theirs = run(calls);
    assertThat(theirs).as("one answer a call").hasSameSizeAs(cases);
    for (int i = 0; i < cases.size(); i++) {
      assertThat(cases.get(i).ours()).as(calls.get(i)).isEqualTo(theirs.get(i));
    }
  }

  private List<String> run(List<String> calls) throws IOException, InterruptedException {
    Path script = Files.write(directory.resolve("calls.sh"), calls, US_ASCII);
    Path output = directory.resolve("codes.txt");
    Process shell =
        new ProcessBuilder("sh", "-e", script.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(shell.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).as("oathtool ended").isTrue();
      assertThat(shell.exitValue()).as("%s", Files.readString(output)).isZero();
      return Files.readAllLines(output, US_ASCII);
    } finally {
      shell.destroyForcibly();
    }
  }

  private static String seed(Random random) {
    byte[] bytes = new byte[random.nextInt(10, 81)];
    random.nextBytes(bytes);
    return Base32.encode(bytes);
  }

  private static Algorithm algorithm(Random random) {
    return ALGORITHMS.get(random.nextInt(ALGORITHMS.size()));
  }

  private static String lower(Algorithm algorithm) {
    return algorithm.name().toLowerCase(Locale.ROOT);
  }
}
