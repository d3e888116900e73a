package io.agentvault.bench;

import io.agentvault.bench.Report.Target;
import io.agentvault.local.LocalCloud;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Agents at once over the gateway, each on its own vault, as fast as they are answered; every
 * answer is checked against what that agent stored. Loopback only, and ends by itself.
 */
final class LoadRun {
  private static final String SECTION = "load";
  private static final int[] AGENTS = {1, 4, 16};

  private final Settings settings;
  private final Contestants contestants;
  private final Report report;

  LoadRun(Settings settings, Contestants contestants, Report report) {
    this.settings = settings;
    this.contestants = contestants;
    this.report = report;
  }

  void run() throws InterruptedException {
    try (LocalCloud cloud = contestants.start()) {
      for (int agents : AGENTS) {
        List<BusyAgent> busy = new ArrayList<>();
        for (int i = 0; i < agents; i++) {
          busy.add(new BusyAgent(cloud.url(), Agent.create(cloud)));
        }
        all(busy, settings.times(100, 30)); // starts the instances
        busy.forEach(BusyAgent::forget);
        long began = System.nanoTime();
        all(busy, settings.times(3_200, 800) / agents);
        tell(agents, busy, (System.nanoTime() - began) / 1e9);
      }
    }
  }

  private static void all(List<BusyAgent> agents, int calls) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      agents.forEach(agent -> running.add(threads.submit(() -> agent.work(calls))));
      for (Future<?> each : running) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("an agent failed", e.getCause());
    }
  }

  private void tell(int agents, List<BusyAgent> busy, double seconds) {
    List<Double> taken = busy.stream().flatMap(agent -> agent.milliseconds().stream()).toList();
    Samples samples = Samples.of(taken);
    String name = agents + (agents == 1 ? " agent" : " agents");
    report.fact(
        SECTION,
        name,
        String.format(
            Locale.ROOT,
            "%.0f calls/s; p50 %.1f p99 %.1f ms; %d calls, %d answered 503",
            taken.size() / seconds,
            samples.median(),
            samples.quantile(0.99),
            taken.size(),
            busy.stream().mapToInt(BusyAgent::refused).sum()));
    report.judged(
        SECTION,
        name + ", wrong or lost answers",
        Samples.of(List.of((double) busy.stream().mapToInt(BusyAgent::wrong).sum())),
        "answers",
        Target.atMost(0));
  }
}
