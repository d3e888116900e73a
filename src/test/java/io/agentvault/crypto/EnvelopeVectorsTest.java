package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.crypto.Binding.Part;
import io.agentvault.problem.Tampered;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file is a scenario: what the envelope must do with bytes that this code did not make. */
class EnvelopeVectorsTest {
  record Vector(String name, Map<String, String> fields) {
    String text(String field) {
      return Objects.requireNonNull(fields.get(field), field);
    }

    byte[] bytes(String field) {
      return HexFormat.of().parseHex(text(field));
    }

    Binding binding() {
      return new Binding(
          text("agent-id"),
          text("label"),
          text("credential-id"),
          Part.valueOf(fields.getOrDefault("part", "data").toUpperCase(Locale.ROOT)));
    }

    Secret dataKey() {
      return Secret.of(bytes("data-key"));
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
      case "opens" -> assertOpens(vector);
      case "tampered" -> assertTampered(vector);
      default -> throw new AssertionError("unknown outcome in " + vector);
    }
  }

  @Test
  void everyScenarioIsThere() throws Exception {
    assertThat(vectors())
        .extracting(Vector::name)
        .contains(
            "valid.txt",
            "valid-counterpart.txt",
            "wrong-label.txt",
            "wrong-agent.txt",
            "wrong-credential.txt",
            "wrong-key.txt",
            "flipped-tag.txt",
            "truncated-tag.txt",
            "unknown-version.txt",
            "v2-valid-data.txt",
            "v2-valid-metadata.txt",
            "v2-valid-access.txt",
            "v2-wrong-part.txt",
            "v2-version-byte-1.txt",
            "v1-as-metadata.txt")
        .hasSize(45);
  }

  private static void assertOpens(Vector vector) {
    Envelope envelope = new Envelope(count -> vector.bytes("salt"));
    byte[] sealed = vector.bytes("sealed");

    assertThat(vector.binding().encoded(sealed[0])).isEqualTo(vector.bytes("binding"));
    if (!Envelope.isWithoutPart(sealed)) { // Envelope 6.1: version 1 is never written
      assertThat(envelope.seal(vector.dataKey(), vector.binding(), vector.bytes("plaintext")))
          .isEqualTo(sealed);
    }
    assertThat(envelope.open(vector.dataKey(), vector.binding(), sealed))
        .isEqualTo(vector.bytes("plaintext"));
  }

  private static void assertTampered(Vector vector) {
    Envelope envelope = new Envelope(Randomness.secure());

    assertThatThrownBy(
            () -> envelope.open(vector.dataKey(), vector.binding(), vector.bytes("sealed")))
        .isExactlyInstanceOf(Tampered.class);
  }

  static List<Vector> vectors() throws IOException, URISyntaxException {
    URI folder =
        Objects.requireNonNull(EnvelopeVectorsTest.class.getResource("/vectors/envelope")).toURI();
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      return files.sorted().map(EnvelopeVectorsTest::read).toList();
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
