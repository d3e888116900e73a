package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.crypto.Binding.Part;
import io.agentvault.problem.Tampered;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file is a scenario: what the envelope must do with bytes that this code did not make. */
class EnvelopeVectorsTest {
  @ParameterizedTest
  @MethodSource("vectors")
  void theVectorEndsAsItSays(VectorFile vector) {
    switch (vector.text("outcome")) {
      case "opens" -> assertOpens(vector);
      case "tampered" -> assertTampered(vector);
      default -> throw new AssertionError("unknown outcome in " + vector);
    }
  }

  @Test
  void everyScenarioIsThere() throws Exception {
    assertThat(vectors())
        .extracting(VectorFile::name)
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

  private static void assertOpens(VectorFile vector) {
    Envelope envelope = new Envelope(count -> vector.bytes("salt"));
    byte[] sealed = vector.bytes("sealed");

    assertThat(binding(vector).encoded(sealed[0])).isEqualTo(vector.bytes("binding"));
    if (!Envelope.isWithoutPart(sealed)) { // Envelope 6.1: version 1 is never written
      assertThat(envelope.under(vector.dataKey()).seal(binding(vector), vector.bytes("plaintext")))
          .isEqualTo(sealed);
    }
    assertThat(envelope.under(vector.dataKey()).open(binding(vector), sealed))
        .isEqualTo(vector.bytes("plaintext"));
  }

  private static void assertTampered(VectorFile vector) {
    Envelope envelope = new Envelope(Randomness.secure());

    assertThatThrownBy(
            () -> envelope.under(vector.dataKey()).open(binding(vector), vector.bytes("sealed")))
        .isExactlyInstanceOf(Tampered.class);
  }

  private static Binding binding(VectorFile vector) {
    return new Binding(
        vector.text("agent-id"),
        vector.text("label"),
        vector.text("credential-id"),
        Part.valueOf(vector.fields().getOrDefault("part", "data").toUpperCase(Locale.ROOT)));
  }

  static List<VectorFile> vectors() throws IOException {
    return VectorFile.in("envelope");
  }
}
