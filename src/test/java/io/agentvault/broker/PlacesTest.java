package io.agentvault.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacesTest {
  @Test
  void plainHttpIsSpokenToTheLocalUpstreamsThatAreNamedOnly() {
    Places places = new Places(List.of(), Set.of("127.0.0.1:8080"));

    assertThat(places.isLocal(Target.parse("http://127.0.0.1:8080/a"))).isTrue();
    assertThat(places.isLocal(Target.parse("https://127.0.0.1:8080/a"))).isFalse();
    assertThat(places.isLocal(Target.parse("http://127.0.0.1:8081/a"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "127.0.0.1:", "10.0.0.1:80", "localhost:80", "a.example:80", ""})
  void noOtherPlaceIsALocalUpstream(String place) {
    assertThatThrownBy(() -> new Places(List.of(), Set.of("127.0.0.1:8080", place)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
