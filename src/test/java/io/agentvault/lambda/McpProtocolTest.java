package io.agentvault.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class McpProtocolTest {
  @Test
  void theVersionIsThatOfTheBuild() throws IOException {
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<artifactId>agent-vault</artifactId>\n  <version>" + McpProtocol.VERSION + "<");
  }
}
