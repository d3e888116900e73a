package io.agentvault.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderRulesTest {
  @Test
  void whatConnectionNamesIsOfThisHopAlone() {
    List<Header> headers =
        List.of(
            new Header("Connection", "close, X-Hop"),
            new Header("CONNECTION", " x-other"),
            new Header("X-Hop", "close-not-me"));
    assertThat(HeaderRules.namedByConnection(headers))
        .containsExactlyInAnyOrder("close", "x-hop", "x-other");
    assertThat(HeaderRules.namedByConnection(List.of())).isEmpty();
  }
}
