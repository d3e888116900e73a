package io.agentvault.bench;

import io.agentvault.bench.Report.Target;
import io.agentvault.local.LocalCloud;
import java.util.ArrayList;
import java.util.List;

/** Tools against the REST calls that do the same, warm and cold, taken in turns. */
final class OverMcp {
  private static final String SECTION = "mcp";
  private static final String BROKER = "broker";
  private static final double MOST_OVER_REST = 1.10;

  private final Settings settings;
  private final Contestants contestants;
  private final Report report;

  OverMcp(Settings settings, Contestants contestants, Report report) {
    this.settings = settings;
    this.contestants = contestants;
    this.report = report;
  }

  /** An event of the broker and the one of the vault that does the same. */
  private record Pair(String name, byte[] mcp, byte[] rest) {}

  void run() {
    try (LocalCloud cloud = contestants.start()) {
      Timing timing = new Timing(cloud);
      Agent agent = Agent.create(cloud);
      timing.warm(Contestants.VAULT, agent.store("a", Agent.secret()));
      timing.warm(Contestants.VAULT, agent.storeTotp("codes"));
      Pair get =
          new Pair("vault_get", agent.tool("vault_get", "{\"label\":\"a\"}"), agent.get("a"));
      Pair list = new Pair("tools/list beside whoami", agent.tools(), agent.whoami());
      for (int i = 0; i < settings.times(3_000, 500); i++) {
        turn(timing, get, i);
        turn(timing, list, i);
      }
      warm(timing, get);
      warm(timing, list);
      warm(
          timing,
          new Pair(
              "vault_totp",
              agent.tool("vault_totp", "{\"label\":\"codes\"}"),
              agent.totp("codes")));
      warm(
          timing,
          new Pair(
              "vault_store",
              agent.tool(
                  "vault_store", "{\"label\":\"b\"," + Agent.apiKey(Agent.secret()).substring(1)),
              agent.store("b", Agent.secret())));
      cold(timing, get);
      cold(timing, list);
    }
  }

  private void warm(Timing timing, Pair pair) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < settings.times(7, 3); round++) {
      List<Double> mcp = new ArrayList<>();
      List<Double> rest = new ArrayList<>();
      for (int i = 0; i < settings.times(600, 150); i++) {
        double[] taken = turn(timing, pair, i);
        mcp.add(taken[0]);
        rest.add(taken[1]);
      }
      ratios.add(Samples.of(mcp).median() / Samples.of(rest).median());
    }
    report.judged(
        SECTION,
        pair.name() + ", warm p50 / REST p50",
        Samples.of(ratios),
        "x",
        Target.atMost(MOST_OVER_REST));
  }

  private static double[] turn(Timing timing, Pair pair, int turn) {
    if (turn % 2 == 0) {
      double mcp = timing.warm(BROKER, pair.mcp());
      return new double[] {mcp, timing.warm(Contestants.VAULT, pair.rest())};
    }
    double rest = timing.warm(Contestants.VAULT, pair.rest());
    return new double[] {timing.warm(BROKER, pair.mcp()), rest};
  }

  private void cold(Timing timing, Pair pair) {
    List<Double> ratios = new ArrayList<>();
    for (int run = 0; run <= settings.times(25, 9); run++) {
      double mcp = timing.cold(BROKER, pair.mcp());
      double rest = timing.cold(Contestants.VAULT, pair.rest());
      if (run > 0) { // the first one reads the files from disk
        ratios.add(mcp / rest);
      }
    }
    report.judged(
        SECTION,
        pair.name() + ", cold / REST",
        Samples.of(ratios),
        "x",
        Target.atMost(MOST_OVER_REST));
  }
}
