package io.agentvault.threats;

import io.agentvault.local.template.Template.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Strangers who ask for everything that stands open, one route after the other, as fast as they
 * can: with no credential, with nonsense, and with keys that are well made and nobody's.
 */
final class StrangersFlood {
  /** What a path's parameters are filled with; none of it is there. */
  private static final Map<String, String> FILLED =
      Map.of("{label}", "x", "{id}", Keys.unknownId(), "{depositId}", "x", "{path+}", "a/b");

  private static final List<String> WITHOUT_A_ROUTE =
      List.of("/deposit", "/v0/deposits/x", "/.well-known/jwks.json", "/nothing");

  private record Request(String method, String path) {}

  private final Gate gate;
  private final List<Request> requests = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final Map<Integer, LongAdder> answers = new ConcurrentSkipListMap<>();

  /**
   * @param routes those of the API that stands open
   */
  StrangersFlood(Gate gate, List<Route> routes) {
    this.gate = gate;
    for (Route route : routes) {
      if (route.path().equals("$default")) {
        WITHOUT_A_ROUTE.forEach(path -> requests.add(new Request("GET", path)));
      } else {
        requests.add(
            new Request(route.method().equals("ANY") ? "POST" : route.method(), filled(route)));
      }
    }
  }

  private static String filled(Route route) {
    String path = route.path();
    for (Map.Entry<String, String> each : FILLED.entrySet()) {
      path = path.replace(each.getKey(), each.getValue());
    }
    if (path.contains("{")) {
      throw new AssertionError("nothing to fill in for " + route.key());
    }
    return path;
  }

  /** One request; each caller of this is one stranger. */
  void ask() {
    int number = next.getAndIncrement();
    Request request = requests.get(number % requests.size());
    String bearer =
        switch (number / requests.size() % 3) {
          case 0 -> "";
          case 1 -> "nonsense";
          default -> Keys.madeUp(Keys.unknownId());
        };
    String body = request.method().equals("GET") ? "" : "{}";
    int status = gate.send(request.method(), request.path(), bearer, body).status();
    answers.computeIfAbsent(status, key -> new LongAdder()).increment();
  }

  /** How often each status was answered. */
  Map<Integer, LongAdder> answers() {
    return answers;
  }

  /** How often every route was asked for at least. */
  int rounds() {
    return next.get() / requests.size();
  }
}
