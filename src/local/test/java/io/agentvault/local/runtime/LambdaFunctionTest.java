package io.agentvault.local.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.host.Watchdog;
import io.agentvault.local.template.Template;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LambdaFunctionTest {
  @TempDir private Path logs;
  private final Watchdog watchdog = new Watchdog();
  private final ByteArrayOutputStream console = new ByteArrayOutputStream();
  private final List<LambdaFunction> functions = new ArrayList<>();

  @AfterEach
  void stop() {
    functions.forEach(LambdaFunction::close);
    watchdog.close();
  }

  private static Template.Function function(String name, OptionalInt reserved, Duration timeout) {
    return new Template.Function(
        name,
        "ToyFunction",
        "toy",
        Map.of(),
        timeout,
        128,
        reserved,
        false,
        List.of(),
        Optional.empty());
  }

  private LambdaFunction toy(int maxInstances, Duration timeout, Map<String, String> extra) {
    return toy(maxInstances, Optional.empty(), timeout, extra);
  }

  private LambdaFunction toy(
      int maxInstances,
      Optional<Concurrency> concurrency,
      Duration timeout,
      Map<String, String> extra) {
    Template.Function function = function("toy", OptionalInt.empty(), timeout);
    Map<String, String> environment = new HashMap<>(extra);
    environment.put("TOY", "yes");
    LambdaFunction lambda =
        new LambdaFunction(
            function,
            maxInstances,
            concurrency,
            number ->
                new FunctionInstance.Launch(
                    List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        Path.of("target/test-classes").toAbsolutePath().toString(),
                        ToyFunction.class.getName()),
                    logs.toFile(),
                    environment,
                    logs.resolve("toy-" + number + ".log").toFile(),
                    watchdog),
            new PrintStream(console, true, StandardCharsets.UTF_8));
    functions.add(lambda);
    return lambda;
  }

  private LambdaFunction toy() {
    return toy(10, Duration.ofSeconds(20), Map.of());
  }

  private static Invocation invoke(LambdaFunction function, String json)
      throws InterruptedException {
    return function.invoke(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void sequentialEventsShareOneInstance() throws InterruptedException, IOException {
    LambdaFunction toy = toy();
    for (int i = 0; i < 20; i++) {
      Invocation invocation = invoke(toy, "{\"n\":" + i + "}");
      assertThat(invocation.json().getInt("n")).isEqualTo(i);
      assertThat(invocation.instance()).isEqualTo(1);
      assertThat(invocation.cold()).isEqualTo(i == 0);
    }
    assertThat(console.toString(StandardCharsets.UTF_8))
        .matches("cold start: toy #1, \\d+\\.\\d\\d s to first answer\\R");
    assertThat(Files.readString(logs.resolve("toy-1.log"))).contains("toy got {\"n\":19}");
  }

  @Test
  void overlappingEventsGetInstancesOfTheirOwnUpToTheLimit()
      throws InterruptedException, ExecutionException {
    LambdaFunction toy = toy(3, Duration.ofSeconds(20), Map.of());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Invocation>> calls = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        String event = "{\"n\":" + i + "}";
        calls.add(() -> invoke(toy, event));
      }
      List<Future<Invocation>> invocations = threads.invokeAll(calls);
      for (int i = 0; i < 12; i++) {
        assertThat(invocations.get(i).get().json().getInt("n")).isEqualTo(i);
      }
    }
    assertThat(toy.instances()).hasSizeBetween(1, 3);
  }

  @Test
  void warmInstancesTakeEventsAtOnce() throws InterruptedException {
    LambdaFunction toy = toy();
    toy.warm(2);
    assertThat(invoke(toy, "{}").instance()).isBetween(1, 2);
  }

  @Test
  void aFunctionErrorIsPassedOnAndTheInstanceLivesOn() throws InterruptedException {
    LambdaFunction toy = toy();
    assertThat(invoke(toy, "\"fail\"").failure().errorType()).isEqualTo("Toy.Error");
    assertThat(invoke(toy, "{}").instance()).isEqualTo(1);
  }

  @Test
  void aTimeOutKillsTheInstanceAndSaysAfterHowLong() throws InterruptedException {
    LambdaFunction toy = toy(1, Duration.ofSeconds(2), Map.of());
    Outcome.Failure failure = invoke(toy, "\"hang\"").failure();
    assertThat(failure.errorType()).isEqualTo("Sandbox.Timedout");
    assertThat(failure.errorMessage()).endsWith("Task timed out after 2.00 seconds");
    assertThat(invoke(toy, "{}").instance()).isEqualTo(2);
  }

  @Test
  void anEventThatWaitsGetsTheInstanceThatReplacesACrashedOne()
      throws InterruptedException, ExecutionException {
    LambdaFunction toy = toy(1, Duration.ofSeconds(20), Map.of());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Invocation>> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        calls.add(() -> invoke(toy, "\"exit\""));
      }
      for (Future<Invocation> crashed : threads.invokeAll(calls)) {
        assertThat(crashed.get().failure().errorType()).isEqualTo("Runtime.ExitError");
      }
    }
    assertThat(invoke(toy, "{}").instance()).isEqualTo(5);
  }

  @Test
  void aCrashEndsItsEventAndTheNextOneStartsAnew() throws InterruptedException {
    LambdaFunction toy = toy();
    Outcome.Failure failure = invoke(toy, "\"exit\"").failure();
    assertThat(failure.errorType()).isEqualTo("Runtime.ExitError");
    assertThat(failure.errorMessage()).contains("exit status 7");
    assertThat(invoke(toy, "{}").cold()).isTrue();
  }

  @Test
  void anInitErrorIsTheEventsError() throws InterruptedException {
    LambdaFunction toy = toy(1, Duration.ofSeconds(20), Map.of("TOY_INIT_ERROR", "yes"));
    assertThat(invoke(toy, "{}").failure().errorType()).isEqualTo("Toy.Init");
  }

  @Test
  void theEnvironmentIsTheGivenOneAndNothingElse() throws InterruptedException {
    JsonObject environment = invoke(toy(), "\"environment\"").json();
    assertThat(environment.keySet()).containsExactlyInAnyOrder("TOY", "AWS_LAMBDA_RUNTIME_API");
  }

  @Test
  void theDeadlineIsTheTimeOutFromNow() throws InterruptedException {
    Instant before = Instant.now();
    long deadline = Long.parseLong(invoke(toy(), "\"deadline\"").outcome().text());
    assertThat(Instant.ofEpochMilli(deadline))
        .isAfterOrEqualTo(before.plusSeconds(19))
        .isBefore(Instant.now().plusSeconds(20));
  }

  @Test
  void functionsShareOnePoolAndAReservationIsForItsFunctionAlone() throws InterruptedException {
    Duration timeout = Duration.ofSeconds(20);
    Concurrency shared =
        new Concurrency(
            3,
            List.of(
                function("toy", OptionalInt.empty(), timeout),
                function("other", OptionalInt.empty(), timeout),
                function("kept", OptionalInt.of(1), timeout)));
    LambdaFunction toy = toy(1, Optional.of(shared), timeout, Map.of());
    assertThat(shared.enter("other")).isTrue();
    assertThat(invoke(toy, "{}").failed()).isFalse();
    assertThat(shared.enter("other")).isTrue();
    assertThat(invoke(toy, "{}").outcome())
        .isInstanceOf(Outcome.Throttled.class)
        .extracting(Outcome::text)
        .isEqualTo(
            "{\"Reason\":\"ConcurrentInvocationLimitExceeded\",\"Type\":\"User\","
                + "\"message\":\"Rate Exceeded.\"}");
    assertThat(shared.enter("kept")).isTrue();
    assertThat(shared.enter("kept")).isFalse();
    assertThat(shared.refusal("kept").text()).contains("ReservedFunctionConcurrent");
    shared.leave("other");
    assertThat(invoke(toy, "{}").failed()).isFalse();
  }
}
