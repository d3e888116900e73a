package io.agentvault.vault;

import java.util.List;
import java.util.Optional;

/**
 * One place where a credential may be used.
 *
 * @param host which hosts
 * @param methods which methods; empty for all of {@link #METHODS}
 * @param paths which paths; empty for all
 */
public record Allowed(
    HostPattern host, Optional<List<String>> methods, Optional<List<PathPattern>> paths) {
  /** The methods there are; {@code TRACE} and {@code CONNECT} are none. */
  public static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  public Allowed {
    methods = methods.map(List::copyOf);
    paths = paths.map(List::copyOf);
  }

  /** Whether a call may use this method here. */
  public boolean takesMethod(String method) {
    return methods.orElse(METHODS).contains(method);
  }

  /** Whether a call may ask for this path, in normal form, here. */
  public boolean takesPath(String path) {
    return allPaths().stream().anyMatch(pattern -> pattern.matches(path));
  }

  private List<PathPattern> allPaths() {
    return paths.orElse(List.of(PathPattern.ALL));
  }

  /** Whether every call that {@code other} allows is allowed here. */
  boolean covers(Allowed other) {
    return host.covers(other.host)
        && methods.orElse(METHODS).containsAll(other.methods.orElse(METHODS))
        && other.allPaths().stream()
            .allMatch(path -> allPaths().stream().anyMatch(ours -> ours.covers(path)));
  }
}
