package io.agentvault.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The time that a call took, by the clock that the functions have too: what an answer dates must
 * lie in it.
 *
 * @param from before the request, to the millisecond
 */
record Window(Instant from, Instant to) {
  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  static Window since(Instant from) {
    return new Window(from, Instant.now());
  }

  Instant assertIn(JsonNode time) {
    assertThat(time.asText()).endsWith("Z");
    Instant instant = Instant.parse(time.asText());
    assertThat(instant).isBetween(from, to);
    return instant;
  }

  /** The window that begins and ends so much later. */
  Window plus(Duration duration) {
    return new Window(from.plus(duration), to.plus(duration));
  }
}
