package io.agentvault.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.faults.FaultRule;
import io.agentvault.wire.OpenApiDocument.Operation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract's table, each line over HTTP and directly, on the packaged artifact. */
class WireContractIT {
  /** API Gateway's throttle, which {@link ThrottleIT} brings about; Lambda's has another form. */
  private static final int THROTTLED = 429;

  private static final World WORLD = World.shared();

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("lines")
  void isAnsweredAsDocumented(Way way, Row row) {
    Call call = row.arrange().apply(WORLD);
    Answer answer = under(row.weather(), () -> WORLD.send(way, call));
    assertThat(answer.status()).as("%s", answer).isEqualTo(row.status());
    if (answer.isError()) {
      assertThat(answer.message()).contains(row.says());
    }
  }

  static Stream<Arguments> lines() {
    return rows().flatMap(row -> row.ways().stream().map(way -> Arguments.of(way, row)));
  }

  @ParameterizedTest
  @EnumSource
  void everyDocumentedAnswerHasALine(Way way) {
    Set<String> documented =
        WORLD.document().tabled().stream()
            .flatMap(operation -> answers(way, operation))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> reached =
        rows()
            .filter(row -> row.ways().contains(way))
            .map(row -> row.operation() + " " + row.status())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(reached).isEqualTo(documented);
  }

  @Test
  void everyRequestOfTheTableThatSucceedsIsOneThatTheDocumentAllows() {
    List<String> wrong =
        rows()
            .filter(row -> row.status() < 300)
            .flatMap(WireContractIT::requestViolations)
            .toList();
    assertThat(wrong).isEmpty();
  }

  private static Stream<String> requestViolations(Row row) {
    Operation operation = WORLD.document().operation(row.operation());
    return row.arrange().apply(WORLD).body().stream()
        .flatMap(body -> WORLD.document().requestViolations(operation, body).stream())
        .map(violation -> row + ": " + violation);
  }

  private static Stream<Row> rows() {
    return Stream.of(
            VaultRows.all(),
            IdentityRows.all(),
            EveryCallRows.all(WORLD.document()),
            WeatherRows.all(WORLD.document()))
        .flatMap(rows -> rows);
  }

  /** In a direct invocation IAM stands where the operator's token does, so it can't be refused. */
  private static Stream<String> answers(Way way, Operation operation) {
    boolean iam = way == Way.DIRECT && operation.function().equals("identity");
    return operation.statuses(way).stream()
        .filter(status -> status != THROTTLED)
        .filter(status -> !iam || (status != 401 && status != 403))
        .map(status -> operation.id() + " " + status);
  }

  private static Answer under(Weather weather, Supplier<Answer> call) {
    Optional<FaultRule> rule = weather.begin(WORLD.cloud().tap());
    try {
      Answer answer = call.get();
      rule.ifPresent(it -> assertThat(it.struck()).as("faults").isPositive());
      return answer;
    } finally {
      rule.ifPresent(WORLD.cloud().tap()::remove);
    }
  }
}
