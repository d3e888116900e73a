package io.agentvault.bench;

import io.agentvault.bench.Report.Target;
import io.agentvault.local.LocalCloud;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Warm calls against the same AWS calls made by the floor, taken in turns; several rounds, a ratio
 * from each. The CPU time of a call is that of its process.
 */
final class WarmCalls {
  private static final String SECTION = "warm";
  private static final double MOST_GET_OVER_RAW = 1.10;
  private static final double MOST_GET_OVER_PEER = 1.00;
  private static final int[] LISTS = {10, 100, 1_000};

  private final Settings settings;
  private final Contestants contestants;
  private final Report report;

  WarmCalls(Settings settings, Contestants contestants, Report report) {
    this.settings = settings;
    this.contestants = contestants;
    this.report = report;
  }

  /** Before each call, untimed; then the call and another function's. */
  private record Operation(
      String name,
      byte[] vault,
      String other,
      byte[] others,
      Optional<byte[]> vaultBefore,
      int share) {

    /** Beside the floor. */
    Operation(String name, byte[] vault, byte[] floor, Optional<byte[]> vaultBefore, int share) {
      this(name, vault, Contestants.FLOOR, floor, vaultBefore, share);
    }

    String otherName() {
      return other.equals(Contestants.FLOOR) ? "raw" : other;
    }
  }

  void run() {
    try (LocalCloud cloud = contestants.start()) {
      Timing timing = new Timing(cloud);
      Agent agent = Agent.create(cloud);
      timing.warm(Contestants.VAULT, agent.store("get", Agent.secret()));
      timing.warm(Contestants.VAULT, agent.storeTotp("totp"));
      Operation get =
          new Operation("get", agent.get("get"), agent.floor("get", "get"), Optional.empty(), 1);
      for (int i = 0; i < settings.times(3_000, 500); i++) {
        turn(timing, get, i);
      }
      measure(timing, get, Optional.of(Target.atMost(MOST_GET_OVER_RAW)));
      if (settings.peer().isPresent()) {
        besidePeer(cloud, timing, agent);
      } else {
        report.fact(SECTION, "get beside a Go function", "skipped: there is no go here");
      }
      measure(
          timing,
          new Operation(
              "totp", agent.totp("totp"), agent.floor("get", "totp"), Optional.empty(), 1),
          Optional.empty());
      measure(
          timing,
          new Operation(
              "store",
              agent.store("stored", Agent.secret()),
              agent.floor("store", "raw"),
              Optional.empty(),
              1),
          Optional.empty());
      measure(
          timing,
          new Operation(
              "delete",
              agent.delete("gone"),
              agent.floor("delete", "absent"),
              Optional.of(agent.store("gone", Agent.secret())),
              2),
          Optional.empty());
      for (int size : LISTS) {
        list(cloud, timing, size);
      }
    }
  }

  private void besidePeer(LocalCloud cloud, Timing timing, Agent agent) {
    SameAnswers.require(cloud, agent, "get");
    byte[] event = agent.get("get");
    Operation get =
        new Operation("get beside peer", event, Contestants.PEER, event, Optional.empty(), 1);
    for (int i = 0; i < settings.times(3_000, 500); i++) {
      turn(timing, get, i);
    }
    measure(timing, get, Optional.of(Target.atMost(MOST_GET_OVER_PEER)));
  }

  private void list(LocalCloud cloud, Timing timing, int size) {
    Agent agent = Agent.create(cloud);
    for (int i = 0; i < size; i++) {
      timing.warm(Contestants.VAULT, agent.store("credential-" + i, Agent.secret()));
    }
    int share = size < 1_000 ? 5 : 20;
    measure(
        timing,
        new Operation(
            "list of " + size, agent.list(), agent.floor("list", ""), Optional.empty(), share),
        Optional.empty());
  }

  private void measure(Timing timing, Operation operation, Optional<Target> target) {
    int calls = settings.times(600, 150) / operation.share();
    List<Double> ratios = new ArrayList<>();
    List<Double> vault = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    for (int round = 0; round < settings.times(7, 3); round++) {
      List<Double> ours = new ArrayList<>();
      List<Double> raw = new ArrayList<>();
      for (int i = 0; i < calls; i++) {
        double[] pair = turn(timing, operation, i);
        ours.add(pair[0]);
        raw.add(pair[1]);
      }
      ratios.add(Samples.of(ours).median() / Samples.of(raw).median());
      vault.addAll(ours);
      others.addAll(raw);
    }
    String what = operation.name() + " p50 / " + operation.otherName() + " p50";
    if (target.isPresent()) {
      report.judged(SECTION, what, Samples.of(ratios), "x", target.get());
    } else {
      report.measured(SECTION, what, Samples.of(ratios), "x", 2);
    }
    report.fact(SECTION, operation.name() + ", p50 p90 p99", Samples.of(vault).quantiles());
    report.fact(
        SECTION,
        operation.otherName() + " calls of " + operation.name() + ", p50 p90 p99",
        Samples.of(others).quantiles());
    cpu(timing, operation, calls);
  }

  /** One call of each, first the one and then the other in turns. */
  private static double[] turn(Timing timing, Operation operation, int turn) {
    operation.vaultBefore().ifPresent(event -> timing.warm(Contestants.VAULT, event));
    if (turn % 2 == 0) {
      double vault = timing.warm(Contestants.VAULT, operation.vault());
      return new double[] {vault, timing.warm(operation.other(), operation.others())};
    }
    double other = timing.warm(operation.other(), operation.others());
    return new double[] {timing.warm(Contestants.VAULT, operation.vault()), other};
  }

  private void cpu(Timing timing, Operation operation, int calls) {
    if (operation.vaultBefore().isPresent()) {
      return; // what comes before it costs CPU time too
    }
    report.fact(
        SECTION,
        operation.name() + ", CPU time a call, beside " + operation.otherName(),
        String.format(
            Locale.ROOT,
            "%.2f ms, other %.2f ms",
            cpu(timing, Contestants.VAULT, operation.vault(), calls),
            cpu(timing, operation.other(), operation.others(), calls)));
  }

  private static double cpu(Timing timing, String function, byte[] event, int calls) {
    double before = timing.cpu(function);
    for (int i = 0; i < calls; i++) {
      timing.warm(function, event);
    }
    return (timing.cpu(function) - before) / calls;
  }
}
