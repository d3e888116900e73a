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
        .containsExactly("first", "reaper", "scribe");
    assertThat(load(Map.of("Alarm", "x")).functions())
        .extracting(Template.Function::name)
        .containsExactly("first", "second", "reaper", "scribe");
  }

  @Test
  void routesCarryTheThrottleNearestToThem() {
    assertThat(function(load(Map.of()), "first").routes())
        .containsExactly(
            new Template.Route("Api", "first", "GET", "/a", new Template.Throttle(5, 9)),
            new Template.Route("Api", "first", "GET", "/b/{x}", new Template.Throttle(1, 2)),
            new Template.Route("Api", "first", "PUT", "/c", new Template.Throttle(3, 9)));
    assertThat(function(load(Map.of("Stage", "prod")), "first").routes().getFirst().throttle())
        .isEqualTo(new Template.Throttle(50, 9));
  }

  @Test
  void theStreamEventIsRead() {
    assertThat(function(load(Map.of()), "reaper").stream())
        .contains(
            new Template.StreamEvent(
                "Table", 4, Duration.ZERO, true, true, 2, List.of("{\"eventName\":[\"REMOVE\"]}")));
  }

  @Test
  void eachStreamIsOfTheTableThatItNames() {
    assertThat(function(load(Map.of()), "scribe").stream())
        .contains(
            new Template.StreamEvent(
                "LogTable", 100, Duration.ofSeconds(2), false, false, -1, List.of()));
  }

  @Test
  void apisAreReadHoweverTheyAreDeclared() {
    assertThat(load(Map.of()).apis()).containsExactly("Api");
    Template template = load(Map.of("Alarm", "x"));
    assertThat(template.apis()).containsExactly("Api", "DefinedApi", "OperatorApi");
    assertThat(function(template, "first").routes())
        .contains(
            new Template.Route("DefinedApi", "first", "POST", "/d", Template.Throttle.NONE),
            new Template.Route(
                "OperatorApi", "first", "ANY", "/o/{rest+}", new Template.Throttle(7, 8)));
    assertThat(function(template, "second").routes())
        .extracting(Template.Route::key)
        .containsExactly("$default");
  }

  @Test
  void reservationsUrlsAndKindsOfKeysAreRead() {
    Template template = load(Map.of("Alarm", "x"));
    assertThat(function(template, "second").reservedConcurrency()).hasValue(3);
    assertThat(function(template, "second").url()).isTrue();
    assertThat(function(template, "first").reservedConcurrency()).isEmpty();
    assertThat(function(template, "first").url()).isFalse();
    assertThat(template.keyLogicalIds())
        .extracting(template::keySpec)
        .containsExactly("SYMMETRIC_DEFAULT", "ECC_NIST_P256");
  }

  @Test
  void theTableIsRead() {
    assertThat(load(Map.of()).tables().get("Table"))
        .containsEntry("TimeToLiveSpecification", Map.of("AttributeName", "ttl", "Enabled", true));
  }

  @Test
  void aParameterThatTheTemplateDoesNotHaveIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(Map.of("Stagge", "x")))
        .withMessageContaining("Stagge");
  }

  @Test
  void theProjectsOwnTemplateGivesItsFunctionsAndTheirRoutes() {
    Template template = Template.load(Path.of("template.yaml"), Map.of(), NAMES);
    assertThat(template.functions())
        .extracting(Template.Function::name)
        .contains("vault", "identity", "reaper");
    assertThat(function(template, "vault").routes())
        .extracting(Template.Route::key)
        .contains("GET /v0/vault/{label}");
    assertThat(function(template, "vault").environment()).containsEntry("VAULT_TABLE", "t1");
    assertThat(function(template, "reaper").stream()).isPresent();
  }
}
