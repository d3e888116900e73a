package io.agentvault.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoveryTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  /** The later of the two, as far as it lies ahead; nothing where there is neither. */
  @ParameterizedTest
  @CsvSource({
    "0, '', ",
    "7, '', 2026-11-30T10:00:00Z",
    "0, 2026-11-23T10:00:00Z, ",
    "0, 2026-11-23T12:00:01+02:00, 2026-11-23T10:00:01Z",
    "7, 2026-11-29T10:00:00Z, 2026-11-30T10:00:00Z",
    "7, 2026-12-28T10:00:00Z, 2026-12-28T10:00:00Z",
    "7, unknown, 9999-12-31T23:59:59Z",
    "0, next Tuesday, 9999-12-31T23:59:59Z",
    "0, 2026-12-28, 9999-12-31T23:59:59Z"
  })
  void aKeyCanBeHadBackUntilItsLastCopyIsGone(int days, String oldTable, Instant until) {
    assertThat(Recovery.of(Duration.ofDays(days), oldTable).until(NOW).orElse(null))
        .isEqualTo(until);
  }
}
