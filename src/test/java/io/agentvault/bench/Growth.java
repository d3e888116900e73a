package io.agentvault.bench;

import io.agentvault.bench.Report.Target;
import io.agentvault.local.LocalCloud;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A get of one identity while the table fills with others. */
final class Growth {
  private static final String SECTION = "growth";
  private static final double FLAT = 1.15;

  private final Settings settings;
  private final Contestants contestants;
  private final Report report;

  Growth(Settings settings, Contestants contestants, Report report) {
    this.settings = settings;
    this.contestants = contestants;
    this.report = report;
  }

  void run() {
    int[] sizes = settings.quick() ? new int[] {1, 1_000, 5_000} : new int[] {1, 1_000, 100_000};
    try (LocalCloud cloud = contestants.start()) {
      Agent agent = Agent.create(cloud);
      Timing timing = new Timing(cloud);
      timing.warm(Contestants.VAULT, agent.store("one", Agent.secret()));
      rounds(timing, agent, settings.times(10, 2)); // until DynamoDB Local is compiled
      List<Double> alone = List.of();
      int there = 1;
      for (int size : sizes) {
        Items.identities(cloud.dynamo(), cloud.tableName(), there, size);
        there = size;
        rounds(timing, agent, 2);
        List<Double> medians = rounds(timing, agent, settings.times(7, 3));
        String what = String.format(Locale.ROOT, "get with %,d identities", size);
        report.measured(SECTION, what, Samples.of(medians), "ms", 2);
        if (size == 1) {
          alone = medians;
        } else {
          double base = Samples.of(alone).median();
          report.judged(
              SECTION,
              String.format(Locale.ROOT, "get with %,d / with 1", size),
              Samples.of(medians.stream().map(each -> each / base).toList()),
              "x",
              Target.atMost(FLAT));
        }
      }
    }
  }

  /** The median of each round. */
  private List<Double> rounds(Timing timing, Agent agent, int rounds) {
    List<Double> medians = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      List<Double> taken = new ArrayList<>();
      for (int call = 0; call < settings.times(400, 150); call++) {
        taken.add(timing.warm(Contestants.VAULT, agent.get("one")));
      }
      medians.add(Samples.of(taken).median());
    }
    return medians;
  }
}
