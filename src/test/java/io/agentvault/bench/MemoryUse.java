package io.agentvault.bench;

import io.agentvault.bench.Report.Target;
import io.agentvault.local.LocalCloud;
import java.util.ArrayList;
import java.util.List;

/** Resident memory of one instance over many mixed calls. */
final class MemoryUse {
  private static final String SECTION = "memory";
  private static final double MOST_MEGABYTES = 42;
  private static final double MOST_GROWTH = 1.05;
  private static final int SAMPLES = 10;

  private final Settings settings;
  private final Contestants contestants;
  private final Report report;

  MemoryUse(Settings settings, Contestants contestants, Report report) {
    this.settings = settings;
    this.contestants = contestants;
    this.report = report;
  }

  void run() {
    int calls = settings.times(10_000, 2_000);
    try (LocalCloud cloud = contestants.start()) {
      Timing timing = new Timing(cloud);
      Agent agent = Agent.create(cloud);
      timing.warm(Contestants.VAULT, agent.store("one", Agent.secret()));
      timing.warm(Contestants.VAULT, agent.storeTotp("two"));
      List<byte[]> mix =
          List.of(
              agent.get("one"),
              agent.totp("two"),
              agent.get("one"),
              agent.store("one", Agent.secret()),
              agent.list());
      double first = timing.resident(Contestants.VAULT);
      List<Double> seen = new ArrayList<>();
      for (int call = 1; call <= calls; call++) {
        timing.warm(Contestants.VAULT, mix.get(call % mix.size()));
        if (call % (calls / SAMPLES) == 0) {
          seen.add(timing.resident(Contestants.VAULT));
        }
      }
      report.measured(SECTION, "resident after 3 calls", Samples.of(List.of(first)), "MB", 1);
      report.judged(
          SECTION,
          "resident over " + calls + " calls",
          Samples.of(seen),
          "MB",
          Target.atMost(MOST_MEGABYTES));
      report.judged(
          SECTION,
          "resident at the end / after a fifth",
          Samples.of(List.of(seen.getLast() / seen.get(SAMPLES / 5 - 1))),
          "x",
          Target.atMost(MOST_GROWTH));
    }
  }
}
