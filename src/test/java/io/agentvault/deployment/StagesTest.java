package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stages' files set parameters that the template has, to values that it takes. */
class StagesTest {
  private static final Map<String, Object> parameters =
      CloudFormation.read(CloudFormation.TEMPLATE).section("Parameters");

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod"})
  void everySettingFitsTheTemplate(String stage) throws IOException {
    Map<String, String> settings = settings(stage);
    assertThat(settings).containsEntry("Stage", stage).containsKeys("region", "confirm");
    settings.keySet().removeIf(name -> Character.isLowerCase(name.charAt(0)));
    assertThat(settings)
        .allSatisfy(
            (name, value) -> {
              assertThat(parameters).containsKey(name);
              Tree.find(Tree.at(parameters, name), "AllowedPattern")
                  .ifPresent(pattern -> assertThat(value).matches(pattern.toString()));
              Tree.find(Tree.at(parameters, name), "AllowedValues")
                  .ifPresent(values -> assertThat(Tree.texts(values)).contains(value));
            });
  }

  private static Map<String, String> settings(String stage) throws IOException {
    return Files.readAllLines(Path.of("infra/stages", stage + ".conf")).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
  }
}
