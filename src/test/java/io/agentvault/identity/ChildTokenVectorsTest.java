package io.agentvault.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.crypto.Secret;
import io.agentvault.problem.Unauthorized;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file is a scenario: what must become of a token that this code did not make. */
class ChildTokenVectorsTest {
  record Vector(String name, Map<String, String> fields) {
    String text(String field) {
      return Objects.requireNonNull(fields.get(field), field);
    }

    byte[] bytes(String field) {
      return HexFormat.of().parseHex(text(field));
    }

    KeyVerifier verifier() {
      return KeyVerifier.stored(bytes("verifier"), Long.parseLong(text("generation")));
    }

    Secret dataKey() {
      return Secret.of(bytes("data-key"));
    }

    List<String> words(String field) {
      return text(field).isEmpty() ? List.of() : List.of(text(field).split(" "));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void theVectorEndsAsItSays(Vector vector) {
    switch (vector.text("outcome")) {
      case "vouched" -> assertVouched(vector);
      case "refused" ->
          assertThat(parsed(vector).isVouchedFor(vector.verifier(), vector.dataKey())).isFalse();
      case "no token" ->
          assertThatThrownBy(() -> parsed(vector)).isExactlyInstanceOf(Unauthorized.class);
      default -> throw new AssertionError("unknown outcome in " + vector);
    }
  }

  private static ChildToken parsed(Vector vector) {
    return ChildToken.parse(vector.text("token"));
  }

  private static void assertVouched(Vector vector) {
    ChildToken token = parsed(vector);
    TokenBody said = token.body();

    assertThat(token.claimedId().text()).isEqualTo(vector.text("agent-id"));
    assertThat(said.generation()).isEqualTo(Long.parseLong(vector.text("generation")));
    assertThat(said.expiresAt()).isEqualTo(Instant.parse(vector.text("expires")));
    assertThat(token.id().text()).isEqualTo(vector.text("id"));
    assertThat(said.parent())
        .isEqualTo(
            Optional.of(vector.text("parent")).filter(id -> !id.isEmpty()).map(TokenId::new));
    assertThat(Scope.texts(said.scopes())).isEqualTo(vector.words("scopes"));
    assertThat(said.labels().stream().map(LabelPattern::written).toList())
        .isEqualTo(vector.words("labels"));
    assertThat(token.isVouchedFor(vector.verifier(), vector.dataKey())).isTrue();
    assertThat(token.text().expose()).isEqualTo(vector.text("token").getBytes(US_ASCII));
    ChildToken made = ChildToken.make(token.claimedId(), said, vector.verifier(), vector.dataKey());
    assertThat(made.text().expose()).isEqualTo(vector.text("token").getBytes(US_ASCII));
  }

  @Test
  void theUsualTokenIsShort() throws Exception {
    Vector usual = vectors().stream().filter(v -> v.name().equals("valid.txt")).findAny().get();

    assertThat(usual.text("token")).hasSize(122);
    assertThat(vectors()).hasSize(33);
  }

  static List<Vector> vectors() throws Exception {
    Path folder =
        Path.of(
            Objects.requireNonNull(ChildTokenVectorsTest.class.getResource("/vectors/token"))
                .toURI());
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().map(ChildTokenVectorsTest::read).toList();
    }
  }

  private static Vector read(Path file) {
    try {
      Map<String, String> fields = new HashMap<>();
      for (String line : Files.readAllLines(file)) {
        if (!line.startsWith("#")) {
          int colon = line.indexOf(':');
          fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
      }
      return new Vector(String.valueOf(file.getFileName()), fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
