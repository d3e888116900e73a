package io.agentvault.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TemplateTest {
  private static final Path FILE = Path.of("src/local/test/resources/template.yaml");
  private static final Map<String, String> NAMES = Map.of("Table", "t1", "Key.Arn", "arn:key");

  private static Template load(Map<String, String> parameters) {
    return Template.load(FILE, parameters, NAMES);
  }

  private static Template.Function function(Template template, String name) {
    return template.functions().stream()
        .filter(function -> function.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "SHARED, globals",
    "OVERRIDDEN, function",
    "SUB, agent-vault-dev/dev/t1/${Literal}/arn:key",
    "SUB_LIST, -dev",
    "JOIN, a+dev+two",
    "SPLIT, y",
    "CHOSEN, no",
    "LONG_FORM, arn:key",
    "NUMBER, 12",
    "DATE, 2012-10-17",
    "JSON, '{\"a\":\"dev\"}'"
  })
  void variablesAreEvaluated(String name, String value) {
    assertThat(function(load(Map.of()), "first").environment()).containsEntry(name, value);
  }

  @Test
  void noValueLeavesTheVariableOut() {
    assertThat(function(load(Map.of()), "first").environment()).doesNotContainKey("ABSENT");
    assertThat(function(load(Map.of("Alarm", "x")), "first").environment())
        .containsEntry("ABSENT", "there")
        .containsEntry("CHOSEN", "yes");
  }

  @Test
  void settingsOfTheFunctionComeBeforeThoseOfGlobals() {
    Template template = load(Map.of("Memory", "512"));
    assertThat(function(template, "first").timeout()).isEqualTo(Duration.ofSeconds(29));
    assertThat(function(template, "reaper").timeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(function(template, "first").memoryMegabytes()).isEqualTo(512);
  }

  @Test
  void aConditionThatDoesNotHoldTakesItsResourceAway() {
    assertThat(load(Map.of()).functions())
        .extracting(Template.Function::name)
        .containsExactly("first", "reaper");
    assertThat(load(Map.of("Alarm", "x")).functions())
        .extracting(Template.Function::name)
        .containsExactly("first", "second", "reaper");
  }

  @Test
  void routesCarryTheThrottleNearestToThem() {
    assertThat(function(load(Map.of()), "first").routes())
        .containsExactly(
            new Template.Route("first", "GET", "/a", new Template.Throttle(5, 9)),
            new Template.Route("first", "GET", "/b/{x}", new Template.Throttle(1, 2)),
            new Template.Route("first", "PUT", "/c", new Template.Throttle(3, 9)));
    assertThat(function(load(Map.of("Stage", "prod")), "first").routes().getFirst().throttle())
        .isEqualTo(new Template.Throttle(50, 9));
  }

  @Test
  void theStreamEventIsRead() {
    assertThat(function(load(Map.of()), "reaper").stream())
        .contains(
            new Template.StreamEvent(4, true, true, 2, List.of("{\"eventName\":[\"REMOVE\"]}")));
  }

  @Test
  void theTableIsRead() {
    assertThat(load(Map.of()).table())
        .containsEntry("TimeToLiveSpecification", Map.of("AttributeName", "ttl", "Enabled", true));
  }

  @Test
  void aParameterThatTheTemplateDoesNotHaveIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(Map.of("Stagge", "x")))
        .withMessageContaining("Stagge");
  }

  @Test
  void theProjectsOwnTemplateGivesThreeFunctionsAndTheirRoutes() {
    Template template = Template.load(Path.of("template.yaml"), Map.of(), NAMES);
    assertThat(template.functions())
        .extracting(Template.Function::name)
        .containsExactlyInAnyOrder("vault", "identity", "reaper");
    assertThat(function(template, "vault").routes())
        .extracting(Template.Route::key)
        .contains("GET /v0/vault/{label}");
    assertThat(function(template, "vault").environment()).containsEntry("VAULT_TABLE", "t1");
    assertThat(function(template, "reaper").stream()).isPresent();
  }
}
