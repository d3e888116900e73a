package io.agentvault.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.faults.FaultRule;
import io.agentvault.wire.OpenApiDocument.Operation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

  /**
   * Answers for which this table's world lacks something, each with the test that shows it: an
   * upstream that hangs, and an issuer at which humans sign in.
   */
  private static final Map<String, String> SHOWN_ELSEWHERE =
      Map.of(
          "use 504", "threats/HostileUpstreamIT",
          "token 504", "broker/HttpUpstreamTest",
          "lookAtDeposit 403", "handin/SignInIT",
          "redeemDeposit 403", "handin/SignInIT",
          "signInToDeposit 200", "handin/SignInIT",
          "signInToDeposit 400", "handin/SignInIT",
          "signInToDeposit 401", "handin/SignInIT",
          "signInToDeposit 409", "handin/SignInIT",
          "signInToDeposit 500", "handin/SignInIT",
          "signInToDeposit 503", "handin/SignInIT");

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
  void whatIsShownElsewhereIsDocumentedAndItsTestIsThere() {
    SHOWN_ELSEWHERE.forEach(
        (answer, test) -> {
          String[] parts = answer.split(" ", 2);
          assertThat(WORLD.document().operation(parts[0]).statuses())
              .contains(Integer.valueOf(parts[1]));
          assertThat(Path.of("src/test/java/io/agentvault", test + ".java")).exists();
        });
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
            BrokerRows.all(),
            EveryCallRows.all(WORLD.document()),
            WeatherRows.all(WORLD.document()))
        .flatMap(rows -> rows);
  }

  /** In a direct invocation IAM stands where the operator's token does, so it can't be refused. */
  private static Stream<String> answers(Way way, Operation operation) {
    boolean iam = way == Way.DIRECT && operation.function().equals("identity");
    if (way == Way.DIRECT && !operation.isDirect()) {
      return Stream.of();
    }
    return operation.statuses(way).stream()
        .filter(status -> status != THROTTLED)
        .filter(status -> !iam || (status != 401 && status != 403))
        .map(status -> operation.id() + " " + status)
        .filter(answer -> !SHOWN_ELSEWHERE.containsKey(answer));
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
