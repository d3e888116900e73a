package io.agentvault.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class CodeLayoutTest {
  private static final Path RECORDED =
      Path.of("src/main/native/io/agentvault/lambda", CodeLayout.RECORDED);

  @Test
  void theRecordedStandInTheirOrderAndTheOthersBehindThem() {
    assertThat(ordered(List.of("a", "b", "c", "d"), List.of("d", "b")))
        .containsExactly("d", "b", "a", "c");
  }

  @Test
  void aNameThatNoMethodHasAnyMoreMeansNothing() {
    assertThat(ordered(List.of("a", "b"), List.of("gone", "b"))).containsExactly("b", "a");
  }

  @Test
  void noMethodIsLostOrThereTwice() {
    assertThat(ordered(List.of("a", "b"), List.of("b", "a", "b"))).containsExactly("b", "a");
    assertThat(ordered(List.of("a", "b"), List.of())).containsExactly("a", "b");
  }

  private static List<String> ordered(List<String> methods, List<String> recorded) {
    return CodeLayout.ordered(CodeLayout.named(methods, Function.identity(), recorded), methods);
  }

  /** The names have digests, which only the builder can make: that they still fit, it prints. */
  @Test
  void theListIsOneOfMethodsAndBeginsWithWhatAGetNeeds() throws IOException {
    List<String> recorded = Files.readAllLines(RECORDED);

    assertThat(recorded).doesNotHaveDuplicates().hasSizeGreaterThan(3_000);
    assertThat(recorded).allMatch(line -> line.matches("\\S+_[0-9A-Za-z]{22}"));
    for (String method :
        List.of("VaultHandler_handleRequest", "Vault_get", "Envelope$Keyed_open")) {
      assertThat(recorded.subList(0, 3_000))
          .as(method)
          .anyMatch(line -> line.startsWith(method + "_"));
    }
  }
}
