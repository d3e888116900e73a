package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The search finds what it is to find: each form that the echo writes. */
class EchoTest {
  private static final String SECRET = "zq9-canary/\"+\\%&= 0123";

  @Test
  void everyFormThatIsEchoedIsFoundInAnAnswerAndInJson() {
    for (String form : Echo.forms("Bearer " + SECRET)) {
      assertThat(Echo.shows("before " + form + " after", SECRET)).as(form).isTrue();
      String asJson = "{\"body\":\"" + form.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
      assertThat(Echo.shows(asJson, SECRET)).as(asJson).isTrue();
    }
    assertThat(Echo.shows("nothing of it, nor zq9-canary alone", SECRET)).isFalse();
  }
}
