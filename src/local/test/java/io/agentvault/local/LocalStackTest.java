package io.agentvault.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;

/** What LocalStack is asked for, as far as it can be seen without its image. */
final class LocalStackTest {
  private static final Pattern TAG = Pattern.compile("localstack/localstack:([\\w.]+)");

  @Test
  void aTableWithAStreamNeedsNothingFromTheNetworkAndTheContainerNoSocket() {
    // the class of the container looks for Docker as soon as it is made
    assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker answers here");
    LocalStackContainer container = LocalStack.container();
    assertThat(container.getEnvMap())
        .containsEntry("PROVIDER_OVERRIDE_DYNAMODB", "v2")
        .containsEntry("PROVIDER_OVERRIDE_DYNAMODBSTREAMS", "v2");
    assertThat(container.getBinds()).isEmpty();
  }

  @Test
  void thereIsOnePin() throws IOException {
    Set<String> tags = new TreeSet<>();
    for (String root : List.of("src", "scripts", ".github", "README.md", "pom.xml")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (file.toString().matches(".*\\.(java|md|xml|yaml|yml)|scripts/[^.]*")) {
            TAG.matcher(Files.readString(file))
                .results()
                .map((MatchResult found) -> found.group(1))
                .forEach(tags::add);
          }
        }
      }
    }
    assertThat(tags).containsExactly("4.14.0");
  }
}
