package io.agentvault.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The calls to other services that one invocation made: how many, how long, and which failed. For
 * the request log and for the tests of the round-trip budgets; it holds names and numbers only.
 *
 * <p>A call that the SDK retried counts once: its attempts are in its time. Safe for use by several
 * threads.
 */
public final class RoundTrips {
  private final Map<String, Integer> calls = new HashMap<>();
  private final Map<String, Duration> durations = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private Optional<Upstream> upstream = Optional.empty();

  /**
   * Where a use went.
   *
   * @param host with its port if it is not the usual one
   * @param entry of the deployment's own list of hosts; empty where it has none
   */
  public record Upstream(String host, Optional<String> entry) {}

  /** Says where this invocation's use goes. */
  public synchronized void goTo(Upstream place) {
    upstream = Optional.of(place);
  }

  /** Where its use went; empty where none was allowed. */
  public synchronized Optional<Upstream> upstream() {
    return upstream;
  }

  /** How many calls to {@code service} were begun. */
  public synchronized int calls(String service) {
    return calls.getOrDefault(service, 0);
  }

  /** How long the calls to {@code service} took together. */
  public synchronized Duration duration(String service) {
    return durations.getOrDefault(service, Duration.ZERO);
  }

  /**
   * The calls that ended in a fault, in order, each as {@code "<service>: <error code>"}. An error
   * code is a fixed identifier such as {@code ThrottlingException}; the service's message, which
   * may quote a request, is never kept.
   */
  public synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  /** Counts one call that took {@code duration}. */
  public synchronized void count(String service, Duration duration) {
    calls.merge(service, 1, Integer::sum);
    durations.merge(service, duration, Duration::plus);
  }

  synchronized void fault(String service, String errorCode) {
    faults.add(service + ": " + errorCode);
  }
}
