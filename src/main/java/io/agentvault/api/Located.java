package io.agentvault.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.NotFound;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which call an HTTP event is. A gateway says so three times: by the key of the route that it took,
 * by the path, which it hands over decoded and may have cut, and by the path's parameters. Where
 * they differ, it is not known which credential was meant, so the request is refused.
 *
 * <p>The key comes first, because a custom domain may map the API under a base path that is no part
 * of any route. Without a key (a function URL, the catch-all route) the path alone says it.
 *
 * @param route the call
 * @param segments its path without what a stage or a base path puts before it
 */
record Located(Route route, List<String> segments) {
  private static final String CATCH_ALL = "$default";

  Located {
    segments = List.copyOf(segments);
  }

  /**
   * The call that {@code event} is.
   *
   * @throws NotFound when it is none of this function's
   * @throws BadRequest when the event contradicts itself
   */
  static Located of(Route.Plane plane, ObjectNode event) {
    String method = event.path("requestContext").path("http").path("method").asText();
    String key = event.path("routeKey").asText(CATCH_ALL);
    Optional<Route> keyed = key.equals(CATCH_ALL) ? Optional.empty() : Optional.of(of(plane, key));
    Located located =
        keyed.map(route -> behind(route, event)).orElseGet(() -> at(plane, method, event));
    require(located.route.takes(method));
    located.requireParameters(event.path("pathParameters"));
    located.requireNoStrayQuery(event.path("rawQueryString").asText());
    return located;
  }

  private static Route of(Route.Plane plane, String key) {
    return Route.ofKey(plane, key).orElseThrow(() -> new NotFound("route"));
  }

  /** With a key: the path ends as the route does with the parameters put in. */
  private static Located behind(Route route, ObjectNode event) {
    String[] template = route.path().split("/", -1);
    JsonNode parameters = event.path("pathParameters");
    for (int i = 0; i < template.length; i++) {
      if (isParameter(template[i])) {
        JsonNode value = parameters.path(name(template[i]));
        require(value.isTextual() && (isGreedy(template[i]) || value.textValue().indexOf('/') < 0));
        template[i] = value.textValue();
      }
    }
    String path = String.join("/", template);
    require(event.path("rawPath").asText().endsWith(path));
    return new Located(route, List.of(path.split("/", -1)));
  }

  private static Located at(Route.Plane plane, String method, ObjectNode event) {
    String path = event.path("rawPath").asText();
    String stage = "/" + event.path("requestContext").path("stage").asText();
    String[] segments =
        (path.startsWith(stage + "/") ? path.substring(stage.length()) : path).split("/", -1);
    return Route.ofPath(plane, method, segments)
        .map(route -> new Located(route, List.of(segments)))
        .orElseThrow(() -> new NotFound("route"));
  }

  /** What stands in the path where the route has {@code {name}}. */
  Optional<String> parameter(String name) {
    int at = Arrays.asList(route.path().split("/", -1)).indexOf("{" + name + "}");
    return at < 0 ? Optional.empty() : Optional.of(segments.get(at));
  }

  /** The label or the identity's id. */
  Optional<String> target() {
    return Arrays.stream(route.path().split("/", -1))
        .filter(Located::isParameter)
        .findFirst()
        .flatMap(each -> parameter(name(each)));
  }

  private void requireParameters(JsonNode parameters) {
    for (String each : route.path().split("/", -1)) {
      if (isParameter(each) && !isGreedy(each)) {
        JsonNode value = parameters.path(name(each));
        require(!value.isTextual() || parameter(name(each)).equals(Optional.of(value.textValue())));
      }
    }
  }

  /** It may be the rest of a label or an id that was cut at its question mark. */
  private void requireNoStrayQuery(String query) {
    if (!query.isEmpty() && !route.takesQuery()) {
      throw new BadRequest("query", "must be left out: this call takes none");
    }
  }

  private static void require(boolean agrees) {
    if (!agrees) {
      throw new BadRequest(
          "path", "must be the route's, without characters that stand in no label");
    }
  }

  private static boolean isParameter(String segment) {
    return segment.startsWith("{");
  }

  private static boolean isGreedy(String segment) {
    return segment.endsWith("+}");
  }

  private static String name(String segment) {
    return segment.substring(1, segment.length() - (isGreedy(segment) ? 2 : 1));
  }
}
