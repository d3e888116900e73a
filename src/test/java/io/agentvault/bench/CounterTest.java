package io.agentvault.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class CounterTest {
  @Test
  void readsWhatValgrindSays() {
    String said =
        """
        ==28632== Events    : Ir
        ==28632== Collected : 25357623
        ==28632==\s
        ==28632== I   refs:      25,357,623
        """;
    assertThat(Counter.CALLGRIND.read(said)).hasValue(25_357_623);
    assertThat(Counter.CALLGRIND.read("==28632== Events    : Ir\n")).isEmpty();
  }

  @Test
  void readsWhatPerfSaysAndNoCountWhereItHasNoCounter() {
    assertThat(Counter.PERF.read("# started\n\n25357623,,instructions:u,17000000,100.00,,\n"))
        .hasValue(25_357_623);
    assertThat(Counter.PERF.read("# started\n\n<not supported>,,instructions:u,0,100.00,,\n"))
        .isEmpty();
  }

  @Test
  void theGateAllowsTheToleranceAndNoMore() {
    Properties counts = new Properties();
    counts.setProperty(Gate.Figures.name(Counter.CALLGRIND), "1000");
    Gate.Figures figures = new Gate.Figures(counts, 1.03);
    assertThat(figures.of(Counter.CALLGRIND)).hasValue(1000);
    assertThat(figures.of(Counter.PERF)).isEmpty();
    assertThat(figures.allow(1000, 1030)).isTrue();
    assertThat(figures.allow(1000, 1031)).isFalse();
  }
}
