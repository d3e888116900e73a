package io.agentvault.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DevArgumentsTest {
  @Test
  void localstackIsOffUnlessAskedFor() {
    assertThat(parse().localstack()).isFalse();
    assertThat(parse("--localstack", "false").localstack()).isFalse();
    assertThat(parse("--port", "9090", "--localstack", "true"))
        .satisfies(arguments -> assertThat(arguments.localstack()).isTrue())
        .satisfies(arguments -> assertThat(arguments.port()).isEqualTo(9090));
  }

  @Test
  void upstreamsAreOnThisMachineAndNotTheVaultItself() {
    assertThat(parse("--upstream", "127.0.0.1:9", "--upstream", "127.0.0.1:010").upstreams())
        .containsExactly("127.0.0.1:9", "127.0.0.1:10");
    for (String wrong :
        List.of(
            "localhost:9",
            "127.0.0.1",
            "127.0.0.1:0",
            "127.0.0.1:65536",
            "10.0.0.1:80",
            "127.0.0.1:8080")) {
      assertThatThrownBy(() -> parse("--upstream", wrong)).isInstanceOf(DevFailure.class);
    }
  }

  @Test
  void whatStartsOverNamesTheDirectory() {
    assertThat(parse().startOver()).isEqualTo("scripts/dev --fresh");
    assertThat(parse("--data", "x").startOver()).isEqualTo("scripts/dev --fresh --data x");
  }

  @Test
  void localstackIsTrueOrFalseAndNothingElse() {
    assertThatThrownBy(() -> parse("--localstack", "yes"))
        .isInstanceOf(DevFailure.class)
        .hasMessage("--localstack must be true or false");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://127.0.0.1:4566", "http://127.0.0.1", "tcp://127.0.0.1:4566", "/x"})
  void whatTheTapCannotConnectToIsNoEndpoint(String endpoint) {
    URI good = URI.create("http://127.0.0.1:4566");
    URI bad = URI.create(endpoint);
    assertThatThrownBy(() -> LocalCloud.options().services(good, bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("kms must be http://host:port");
    assertThatThrownBy(() -> LocalCloud.options().services(bad, good))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dynamoDb must be http://host:port");
  }

  private static DevArguments parse(String... arguments) {
    return DevArguments.parse(arguments);
  }
}
