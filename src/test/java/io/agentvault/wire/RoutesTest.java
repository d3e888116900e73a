package io.agentvault.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.api.Route;
import io.agentvault.local.template.Template;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the document promises, the template routes and the code answers is one and the same set. */
class RoutesTest {
  private final OpenApiDocument document = OpenApiDocument.load();

  @Test
  void theTemplateRoutesWhatIsDocumentedToTheFunctionThatAnswersIt() {
    Template template = Template.load(Path.of("template.yaml"), Map.of(), Map.of());
    assertThat(
            sorted(
                template.functions().stream()
                    .flatMap(function -> function.routes().stream())
                    .map(route -> line(route.function(), route.method(), route.path()))
                    .filter(line -> !isCaughtByTheBroker(line))))
        .isEqualTo(sorted(documented().stream().filter(line -> !isCaughtByTheBroker(line))));
  }

  /** The API hands the broker what has no route of its own. */
  private static boolean isCaughtByTheBroker(String line) {
    return line.startsWith("broker ");
  }

  @Test
  void theHandlersAnswerWhatIsDocumented() {
    assertThat(
            sorted(
                Arrays.stream(Route.values())
                    .map(route -> line(plane(route), route.method(), route.path()))))
        .isEqualTo(documented());
  }

  @Test
  void theActionsOfDirectInvocationAreTheDocumentedOnes() {
    assertThat(
            sorted(
                Arrays.stream(Route.values())
                    .map(route -> line(plane(route), route.action(), route.path()))))
        .isEqualTo(
            sorted(
                document.operations().stream()
                    .map(it -> line(it.function(), it.action(), it.path()))));
  }

  private Set<String> documented() {
    return sorted(
        document.operations().stream()
            .map(it -> line(it.function(), it.anyMethod() ? "ANY" : it.method(), it.path())));
  }

  private static String plane(Route route) {
    return route.plane().name().toLowerCase(Locale.ROOT);
  }

  private static String line(String function, String call, String path) {
    return function + " " + call + " " + path;
  }

  private static Set<String> sorted(Stream<String> lines) {
    return lines.collect(Collectors.toCollection(TreeSet::new));
  }
}
