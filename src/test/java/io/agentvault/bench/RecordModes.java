package io.agentvault.bench;

import io.agentvault.local.LocalCloud;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a durable record of a read costs its caller: a warm get with and without it, in turns. The
 * two deployments differ in {@code RecordReads} only.
 */
final class RecordModes {
  private static final String SECTION = "records";
  private static final String LABEL = "get";

  private final Settings settings;
  private final Contestants contestants;
  private final Report report;

  RecordModes(Settings settings, Contestants contestants, Report report) {
    this.settings = settings;
    this.contestants = contestants;
    this.report = report;
  }

  void run() {
    try (LocalCloud durable = contestants.start(Map.of("RecordReads", "durable"));
        LocalCloud line = contestants.start(Map.of("RecordReads", "line"))) {
      Reader recorded = Reader.in(durable);
      Reader logged = Reader.in(line);
      for (int i = 0; i < settings.times(3_000, 500); i++) {
        turn(recorded, logged, i);
      }
      int calls = settings.times(600, 150);
      List<Double> ratios = new ArrayList<>();
      List<Double> all = new ArrayList<>();
      List<Double> lines = new ArrayList<>();
      for (int round = 0; round < settings.times(7, 3); round++) {
        List<double[]> pairs = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
          pairs.add(turn(recorded, logged, i));
        }
        List<Double> ours = pairs.stream().map(pair -> pair[0]).toList();
        List<Double> others = pairs.stream().map(pair -> pair[1]).toList();
        ratios.add(Samples.of(ours).median() / Samples.of(others).median());
        all.addAll(ours);
        lines.addAll(others);
      }
      report.measured(SECTION, "get, durable p50 / line p50", Samples.of(ratios), "x", 2);
      report.fact(SECTION, "get, durable, p50 p90 p99", Samples.of(all).quantiles());
      report.fact(SECTION, "get, line, p50 p90 p99", Samples.of(lines).quantiles());
    }
  }

  private static double[] turn(Reader recorded, Reader logged, int turn) {
    if (turn % 2 == 0) {
      double first = recorded.get();
      return new double[] {first, logged.get()};
    }
    double first = logged.get();
    return new double[] {recorded.get(), first};
  }

  private record Reader(Timing timing, byte[] event) {
    static Reader in(LocalCloud cloud) {
      Timing timing = new Timing(cloud);
      Agent agent = Agent.create(cloud);
      timing.warm(Contestants.VAULT, agent.store(LABEL, Agent.secret()));
      return new Reader(timing, agent.get(LABEL));
    }

    double get() {
      return timing.warm(Contestants.VAULT, event);
    }
  }
}
