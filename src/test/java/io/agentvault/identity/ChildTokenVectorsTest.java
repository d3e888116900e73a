package io.agentvault.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.crypto.VectorFile;
import io.agentvault.problem.Unauthorized;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file is a scenario: what must become of a token that this code did not make. */
class ChildTokenVectorsTest {
  @ParameterizedTest
  @MethodSource("vectors")
  void theVectorEndsAsItSays(VectorFile vector) {
    switch (vector.text("outcome")) {
      case "vouched" -> assertVouched(vector);
      case "refused" ->
          assertThat(parsed(vector).isVouchedFor(verifier(vector), vector.dataKey())).isFalse();
      case "no token" ->
          assertThatThrownBy(() -> parsed(vector)).isExactlyInstanceOf(Unauthorized.class);
      default -> throw new AssertionError("unknown outcome in " + vector);
    }
  }

  private static ChildToken parsed(VectorFile vector) {
    return ChildToken.parse(vector.text("token"));
  }

  private static void assertVouched(VectorFile vector) {
    ChildToken token = parsed(vector);
    TokenBody said = token.body();

    assertThat(token.claimedId().text()).isEqualTo(vector.text("agent-id"));
    assertThat(said.generation()).isEqualTo(Long.parseLong(vector.text("generation")));
    assertThat(said.expiresAt()).isEqualTo(Instant.parse(vector.text("expires")));
    assertThat(token.id().text()).isEqualTo(vector.text("id"));
    assertThat(said.parent())
        .isEqualTo(
            Optional.of(vector.text("parent")).filter(id -> !id.isEmpty()).map(TokenId::new));
    assertThat(Scope.texts(said.scopes())).isEqualTo(words(vector, "scopes"));
    assertThat(said.labels().stream().map(LabelPattern::written).toList())
        .isEqualTo(words(vector, "labels"));
    assertThat(token.isVouchedFor(verifier(vector), vector.dataKey())).isTrue();
    assertThat(token.text().expose()).isEqualTo(vector.text("token").getBytes(US_ASCII));
    ChildToken made = ChildToken.make(token.claimedId(), said, verifier(vector), vector.dataKey());
    assertThat(made.text().expose()).isEqualTo(vector.text("token").getBytes(US_ASCII));
  }

  @Test
  void theUsualTokenIsShort() throws Exception {
    VectorFile usual = vectors().stream().filter(v -> v.name().equals("valid.txt")).findAny().get();

    assertThat(usual.text("token")).hasSize(122);
    assertThat(vectors()).hasSize(33);
  }

  private static KeyVerifier verifier(VectorFile vector) {
    return KeyVerifier.stored(vector.bytes("verifier"), Long.parseLong(vector.text("generation")));
  }

  private static List<String> words(VectorFile vector, String field) {
    String text = vector.text(field);
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  static List<VectorFile> vectors() throws IOException {
    return VectorFile.in("token");
  }
}
