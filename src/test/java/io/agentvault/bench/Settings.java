package io.agentvault.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What to measure and with what.
 *
 * @param vault the function.zip or executable to measure
 * @param floor the floor, built like it
 * @param jvm the JVM package to compare a native vault with
 * @param peer the Go function that answers the same, if it could be built
 * @param delay what the way to a service and back takes in the section {@code tls}
 * @param only the sections wanted; empty for all
 * @param quick fewer runs and smaller tables
 */
record Settings(
    Path vault,
    Path floor,
    Optional<Path> jvm,
    Optional<Path> peer,
    Duration delay,
    List<String> only,
    boolean quick) {
  /** One executable, beside which nothing is measured. */
  static Settings of(Path executable) {
    return new Settings(
        executable, executable, Optional.empty(), Optional.empty(), Duration.ZERO, List.of(), true);
  }

  static Settings parse(String[] arguments) {
    Optional<Path> vault = Optional.empty();
    Optional<Path> floor = Optional.empty();
    Optional<Path> jvm = Optional.empty();
    Optional<Path> peer = Optional.empty();
    Duration delay = Duration.ofMillis(1);
    List<String> only = new ArrayList<>();
    boolean quick = false;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--vault" -> vault = Optional.of(Path.of(arguments[++i]));
        case "--floor" -> floor = Optional.of(Path.of(arguments[++i]));
        case "--jvm-package" -> jvm = Optional.of(Path.of(arguments[++i]));
        case "--peer" -> peer = Optional.of(Path.of(arguments[++i]));
        case "--delay" -> delay = Duration.ofMillis(Long.parseLong(arguments[++i]));
        case "--only" -> only.add(arguments[++i]);
        case "--quick" -> quick = true;
        default -> throw new IllegalArgumentException("unknown argument " + arguments[i]);
      }
    }
    return new Settings(
        vault.orElseThrow(), floor.orElseThrow(), jvm, peer, delay, List.copyOf(only), quick);
  }

  boolean wants(String section) {
    return only.isEmpty() || only.contains(section);
  }

  int times(int usually, int quickly) {
    return quick ? quickly : usually;
  }
}
