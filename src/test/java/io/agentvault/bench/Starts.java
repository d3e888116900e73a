package io.agentvault.bench;

import io.agentvault.bench.Timing.Start;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Starts of several functions, one of each in every round, each round in an order of its own: what
 * else the machine does then falls on all of them alike.
 */
record Starts(Map<String, List<Start>> byFunction) {

  /**
   * @param events what each function is to answer
   * @param rounds how many count; one more goes before them, which reads the files from disk
   */
  static Starts take(Timing timing, Map<String, byte[]> events, int rounds) {
    Map<String, List<Start>> taken = new LinkedHashMap<>();
    events.keySet().forEach(function -> taken.put(function, new ArrayList<>()));
    List<Map.Entry<String, byte[]>> order = new ArrayList<>(events.entrySet());
    for (int round = 0; round <= rounds; round++) {
      Collections.shuffle(order);
      for (Map.Entry<String, byte[]> each : order) {
        Start start = timing.start(each.getKey(), each.getValue());
        if (round > 0) {
          taken.computeIfAbsent(each.getKey(), function -> new ArrayList<>()).add(start);
        }
      }
    }
    return new Starts(taken);
  }

  /** One figure of a function's starts. */
  Samples of(String function, ToDoubleFunction<Start> figure) {
    return Samples.of(values(function, figure));
  }

  /** One function's figure over another's, round by round. */
  Samples ratios(String function, String other, ToDoubleFunction<Start> figure) {
    List<Double> above = values(function, figure);
    List<Double> below = values(other, figure);
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < above.size(); round++) {
      ratios.add(above.get(round) / below.get(round));
    }
    return Samples.of(ratios);
  }

  private List<Double> values(String function, ToDoubleFunction<Start> figure) {
    return byFunction.getOrDefault(function, List.of()).stream()
        .map(start -> figure.applyAsDouble(start))
        .toList();
  }

  /** A row for each function and figure. */
  void report(Report report, String section, String how) {
    for (String function : byFunction.keySet()) {
      String what = function + ", " + how;
      report.measured(section, what, of(function, Start::milliseconds), "ms", 1);
      report.measured(
          section, what + ": from its first event", of(function, Start::afterInit), "ms", 1);
      report.measured(section, what + ": CPU time", of(function, Start::cpu), "ms", 1);
      report.measured(section, what + ": page faults", of(function, Start::faults), "pages", 0);
      report.measured(section, what + ": resident", of(function, Start::resident), "MB", 1);
    }
  }
}
