package io.agentvault.bench;

import io.agentvault.bench.Report.Target;
import io.agentvault.bench.Timing.Start;
import io.agentvault.local.LocalCloud;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Process start to the first answered get: authentication, unwrapping, opening and all. What the
 * harness takes to start a process that ends at once, about 1 ms, is in every figure. With little
 * CPU a start ends when a period of its control group does, so there CPU time is judged, and time
 * is not.
 */
final class ColdStart {
  private static final String SECTION = "cold";
  private static final double MOST_OVER_FLOOR = 0.85;
  private static final double MOST_OVER_PEER = 1.40;
  private static final double MOST_CPU_OVER_PEER = 1.50;
  private static final double LEAST_OVER_JVM = 50;

  private final Settings settings;
  private final Contestants contestants;
  private final Report report;

  ColdStart(Settings settings, Contestants contestants, Report report) {
    this.settings = settings;
    this.contestants = contestants;
    this.report = report;
  }

  void run() throws IOException {
    try (LocalCloud cloud = contestants.start()) {
      Agent agent = Agent.create(cloud);
      Timing timing = new Timing(cloud);
      timing.warm(Contestants.VAULT, agent.store("cold", Agent.secret()));
      for (int i = 0; i < 300; i++) {
        timing.warm(Contestants.VAULT, agent.get("cold"));
      }
      if (settings.peer().isPresent()) {
        SameAnswers.require(cloud, agent, "cold");
      } else {
        report.fact(SECTION, "beside a Go function", "skipped: there is no go here");
      }
      Starts full = compare("full CPU", timing, agent, settings.times(25, 9), settings.times(5, 3));
      report.judged(
          SECTION,
          "vault / floor, full CPU",
          full.ratios(Contestants.VAULT, Contestants.FLOOR, Start::milliseconds),
          "x",
          Target.atMost(MOST_OVER_FLOOR));
      if (settings.peer().isPresent()) {
        report.judged(
            SECTION,
            "vault / peer, full CPU",
            full.ratios(Contestants.VAULT, Contestants.PEER, Start::milliseconds),
            "x",
            Target.atMost(MOST_OVER_PEER));
      }
      throttled(cloud, timing, agent);
    }
  }

  private void throttled(LocalCloud cloud, Timing timing, Agent agent) throws IOException {
    Optional<ThrottledCpu> throttled = ThrottledCpu.make();
    if (throttled.isEmpty()) {
      report.fact(SECTION, "at 0.29 CPU", "skipped: no control group can be made here");
      return;
    }
    try (ThrottledCpu cpu = throttled.get()) {
      contestants.throttle(Optional.of(cpu.members()));
      compare("0.29 CPU", timing, agent, settings.times(15, 5), settings.times(3, 1));
      end(cloud);
    } finally {
      contestants.throttle(Optional.empty());
    }
  }

  private static void end(LocalCloud cloud) {
    cloud.functions().forEach(function -> function.killAll());
    while (cloud.functions().stream().anyMatch(function -> !function.instances().isEmpty())) {
      Thread.onSpinWait();
    }
  }

  private Starts compare(String cpu, Timing timing, Agent agent, int runs, int jvmRuns) {
    Map<String, byte[]> events = new LinkedHashMap<>();
    events.put(Contestants.VAULT, agent.get("cold"));
    events.put(Contestants.FLOOR, agent.floor("get", "cold"));
    settings.peer().ifPresent(file -> events.put(Contestants.PEER, agent.get("cold")));
    Starts starts = Starts.take(timing, events, runs);
    starts.report(report, SECTION, cpu);
    report.measured(
        SECTION,
        "CPU time, vault / floor, " + cpu,
        starts.ratios(Contestants.VAULT, Contestants.FLOOR, Start::cpu),
        "x",
        2);
    if (settings.peer().isPresent()) {
      report.judged(
          SECTION,
          "CPU time, vault / peer, " + cpu,
          starts.ratios(Contestants.VAULT, Contestants.PEER, Start::cpu),
          "x",
          Target.atMost(MOST_CPU_OVER_PEER));
    }
    if (settings.jvm().isPresent()) {
      compareWithJvm(
          cpu, timing, agent, starts.of(Contestants.VAULT, Start::milliseconds).median(), jvmRuns);
    }
    return starts;
  }

  private void compareWithJvm(
      String cpu, Timing timing, Agent agent, double vaultMilliseconds, int runs) {
    List<Double> jvm = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      jvm.add(timing.cold(Contestants.JVM, agent.get("cold")));
    }
    report.measured(SECTION, "JVM package, " + cpu, Samples.of(jvm), "ms", 0);
    report.judged(
        SECTION,
        "JVM package / vault, " + cpu,
        Samples.of(jvm.stream().map(each -> each / vaultMilliseconds).toList()),
        "x",
        Target.atLeast(LEAST_OVER_JVM));
  }
}
