package io.agentvault.bench;

import io.agentvault.bench.Report.Target;
import io.agentvault.local.LocalCloud;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Process start to the first answered get: authentication, unwrapping, opening and all. What the
 * harness takes to start a process that ends at once, about 1 ms, is in every figure.
 */
final class ColdStart {
  private static final String SECTION = "cold";
  private static final double MOST_OVER_FLOOR = 1.15;
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
      compare("full CPU", timing, agent, settings.times(25, 9), settings.times(5, 3));
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
  }

  private static void end(LocalCloud cloud) {
    cloud.functions().forEach(function -> function.killAll());
    while (cloud.functions().stream().anyMatch(function -> !function.instances().isEmpty())) {
      Thread.onSpinWait();
    }
  }

  private void compare(String cpu, Timing timing, Agent agent, int runs, int jvmRuns) {
    List<Double> vault = new ArrayList<>();
    List<Double> floor = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    List<Double> cpuRatios = new ArrayList<>();
    for (int run = 0; run <= runs; run++) {
      double ours = timing.cold(Contestants.VAULT, agent.get("cold"));
      double ourCpu = timing.cpu(Contestants.VAULT);
      double least = timing.cold(Contestants.FLOOR, agent.floor("get", "cold"));
      double leastCpu = timing.cpu(Contestants.FLOOR);
      if (run > 0) { // the first one reads the files from disk
        vault.add(ours);
        floor.add(least);
        ratios.add(ours / least);
        cpuRatios.add(ourCpu / leastCpu);
      }
    }
    report.measured(SECTION, "vault, " + cpu, Samples.of(vault), "ms", 1);
    report.measured(SECTION, "floor, " + cpu, Samples.of(floor), "ms", 1);
    report.judged(
        SECTION, "vault / floor, " + cpu, Samples.of(ratios), "x", Target.atMost(MOST_OVER_FLOOR));
    report.measured(SECTION, "CPU time, vault / floor, " + cpu, Samples.of(cpuRatios), "x", 2);
    if (settings.jvm().isPresent()) {
      compareWithJvm(cpu, timing, agent, Samples.of(vault).median(), jvmRuns);
    }
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
