package io.agentvault.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** CGI, and what came after it, hands both on under one name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-http-method-override",
        "x_http_method_override",
        "x-http_method-override",
        "transfer_encoding",
        "content_length",
        "x_forwarded_for",
        "x_original_url"
      })
  void aNameWithUnderscoresIsTheOneWithDashes(String key) {
    assertThat(HeaderRules.isSent(key)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Bearer; true",
        "bearer realm=\"x\", error=\"invalid_token\"; true",
        "Basic realm=\"x\"; false",
        "Bearer realm=\"x\", Basic realm=\"y\"; false",
        "Digest realm=\"x\"; false",
        "Negotiate; false",
        "bearerish; false"
      })
  void onlyAChallengeThatNoBrowserActsOnIsAnswered(String challenge, boolean answered) {
    assertThat(HeaderRules.isAnswered(new Header("WWW-Authenticate", challenge)))
        .isEqualTo(answered);
  }
}
