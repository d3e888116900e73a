package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each function is told what it reads, and nothing else. */
class EnvironmentTest {
  private static final Path LAMBDA = Path.of("src/main/java/io/agentvault/lambda");

  /** Read by Quarkus: which handler this is, and that Lambda sends no signals worth handling. */
  private static final Set<String> READ_BY_THE_RUNTIME =
      Set.of("QUARKUS_LAMBDA_HANDLER", "DISABLE_SIGNAL_HANDLERS");

  /** A member of {@code VaultConfig}: its comment, whose end names the functions, and its name. */
  private static final Pattern MEMBER =
      Pattern.compile(
          "/\\*\\*((?:(?!\\*/).)*)\\*/\\s+(?:@WithDefault\\(\"[^\"]*\"\\)\\s+)?\\S+ (\\w+)\\(\\);",
          Pattern.DOTALL);

  private static final CloudFormation template = CloudFormation.read(CloudFormation.TEMPLATE);

  @ParameterizedTest
  @ValueSource(strings = {"vault", "broker", "identity", "reaper", "scribe"})
  void everyVariableThatIsReadIsSetAndNoOther(String function) throws IOException {
    Set<String> read = new TreeSet<>(READ_BY_THE_RUNTIME);
    members()
        .forEach(
            (variable, comment) -> {
              if (!comment.contains("No deployment sets it")
                  && (comment.contains("All three functions")
                      || comment.contains("{@code " + function + "}"))) {
                read.add(variable);
              }
            });
    assertThat(read).hasSizeGreaterThan(READ_BY_THE_RUNTIME.size());
    assertThat(environment(function).keySet()).isEqualTo(read);
  }

  @Test
  void everyMemberOfTheConfigurationSaysWhoReadsIt() throws IOException {
    assertThat(members()).hasSizeGreaterThanOrEqualTo(9);
    assertThat(members().values())
        .allMatch(
            comment ->
                comment.contains("All three functions")
                    || comment.matches(
                        "(?s).*Functions? \\{@code (vault|broker|identity|reaper|scribe)}.*"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vault", "broker", "identity", "reaper", "scribe"})
  void handlerThatIsNamedExists(String function) throws IOException {
    assertThat(environment(function)).containsEntry("QUARKUS_LAMBDA_HANDLER", function);
    assertThat(
            Files.readString(
                LAMBDA.resolve(
                    function.substring(0, 1).toUpperCase(Locale.ROOT)
                        + function.substring(1)
                        + "Handler.java")))
        .contains("@Named(\"" + function + "\")");
  }

  @Test
  void noVariableHoldsASecret() {
    // A value is a literal of the template, a resource's name, or a parameter; ParametersTest shows
    // that no parameter is secret.
    for (String function : Set.of("vault", "identity", "reaper", "scribe")) {
      assertThat(environment(function).keySet())
          .noneMatch(name -> name.matches(".*(SECRET|PASSWORD|TOKEN|PRIVATE)(?!_MAX_SECONDS).*"));
    }
  }

  private static Map<String, String> members() throws IOException {
    Map<String, String> members = new TreeMap<>();
    MEMBER
        .matcher(Files.readString(LAMBDA.resolve("VaultConfig.java")))
        .results()
        .forEach((MatchResult member) -> members.put(variable(member.group(2)), member.group(1)));
    return members;
  }

  /** The environment variable of a member, as SmallRye Config maps it. */
  private static String variable(String member) {
    return "VAULT_" + member.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }

  private static Map<String, Object> environment(String function) {
    String id =
        function.substring(0, 1).toUpperCase(Locale.ROOT) + function.substring(1) + "Function";
    Map<String, Object> all =
        Tree.map(Tree.at(template.section("Globals"), "Function", "Environment", "Variables"));
    all.putAll(Tree.map(Tree.at(template.properties(id), "Environment", "Variables")));
    return all;
  }
}
