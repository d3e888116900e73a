package io.agentvault.local.gateway;

import io.agentvault.local.template.Template;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the route of a request as an HTTP API does: full matches before greedy ones, these before
 * {@code $default}; literal segments before variables, a method before {@code ANY}.
 */
final class Routes {
  /** A route with the values of its path parameters, percent-decoded. */
  record Match(Template.Route route, Map<String, String> pathParameters) {}

  private final List<Template.Route> routes;

  Routes(List<Template.Route> routes) {
    this.routes = List.copyOf(routes);
  }

  /**
   * @param rawPath still percent-encoded: an encoded slash separates no segments, and fits none
   */
  Optional<Match> find(String method, String rawPath) {
    return routes.stream()
        .filter(route -> route.method().equals(method) || route.method().equals("ANY"))
        .flatMap(route -> match(route, rawPath).stream())
        .min(MOST_SPECIFIC);
  }

  private static final Comparator<Match> MOST_SPECIFIC =
      Comparator.<Match>comparingInt(match -> breadth(match.route().path()))
          .thenComparing(match -> -match.route().path().split("/", -1).length)
          .thenComparing(match -> match.pathParameters().size())
          .thenComparing(match -> match.route().method().equals("ANY"));

  private static int breadth(String path) {
    return path.equals("$default") ? 2 : path.endsWith("+}") ? 1 : 0;
  }

  private static Optional<Match> match(Template.Route route, String rawPath) {
    if (route.path().equals("$default")) {
      return Optional.of(new Match(route, Map.of()));
    }
    String[] pattern = route.path().split("/", -1);
    String[] path = rawPath.split("/", -1);
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < pattern.length; i++) {
      if (i >= path.length) {
        return Optional.empty();
      }
      if (pattern[i].endsWith("+}")) {
        String rest = String.join("/", List.of(path).subList(i, path.length));
        parameters.put(pattern[i].substring(1, pattern[i].length() - 2), decode(rest));
        return Optional.of(new Match(route, parameters));
      }
      if (pattern[i].startsWith("{")) {
        if (path[i].isEmpty() || path[i].toLowerCase(Locale.ROOT).contains("%2f")) {
          return Optional.empty();
        }
        parameters.put(pattern[i].substring(1, pattern[i].length() - 1), decode(path[i]));
      } else if (!pattern[i].equals(decode(path[i]))) {
        return Optional.empty();
      }
    }
    return pattern.length == path.length
        ? Optional.of(new Match(route, parameters))
        : Optional.empty();
  }

  /** Percent-decoding as in a path: a plus sign stays one. */
  static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
