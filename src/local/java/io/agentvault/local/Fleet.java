package io.agentvault.local;

import io.agentvault.local.host.Json;
import io.agentvault.local.host.Parts;
import io.agentvault.local.host.Watchdog;
import io.agentvault.local.keys.OperatorKeys;
import io.agentvault.local.runtime.Artifact;
import io.agentvault.local.runtime.ClassArchive;
import io.agentvault.local.runtime.Concurrency;
import io.agentvault.local.runtime.FunctionEnvironment;
import io.agentvault.local.runtime.FunctionInstance;
import io.agentvault.local.runtime.LambdaFunction;
import io.agentvault.local.template.Template;
import jakarta.json.JsonObject;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the template's functions out of the one artifact. */
final class Fleet {
  /** Of all functions the one whose calls, whatever they are answered, need most of what ships. */
  private static final String TRAINED = "identity";

  private static final String IDENTITIES = "/v0/platform/identities";
  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(10);

  private final Options options;
  private final OperatorKeys operators;
  private final Artifact artifact;
  private final ClassArchive archive;
  private final String dynamoUrl;
  private final String kmsUrl;
  private final Path logs;
  private final Watchdog watchdog;

  Fleet(
      Options options,
      OperatorKeys operators,
      String dynamoUrl,
      String kmsUrl,
      Path logs,
      Watchdog watchdog) {
    this.options = options;
    this.operators = operators;
    this.artifact = Artifact.of(options.artifactFile(), options.cache());
    this.archive = new ClassArchive(artifact.directory());
    this.dynamoUrl = dynamoUrl;
    this.kmsUrl = kmsUrl;
    this.logs = logs;
    this.watchdog = watchdog;
  }

  /** The functions by name, none of them started. */
  Map<String, LambdaFunction> functions(Template template, Parts parts) {
    List<String> arguments = new ArrayList<>(options.jvmArguments);
    if (artifact instanceof Artifact.Jvm && options.archived()) {
      template.functions().stream()
          .filter(function -> function.name().equals(TRAINED))
          .findFirst()
          .ifPresent(function -> archive.train(extra -> training(function, extra), reads()));
    }
    arguments.addAll(archive.use());
    Optional<Concurrency> concurrency =
        options.concurrency.map(account -> new Concurrency(account, template.functions()));
    Map<String, LambdaFunction> functions = new LinkedHashMap<>();
    for (Template.Function function : template.functions()) {
      functions.put(
          function.name(),
          parts.keep(
              lambda(
                  function,
                  function.name(),
                  options.maxInstances,
                  concurrency,
                  arguments,
                  options.console)));
    }
    return functions;
  }

  /** Operator's calls that read the table, and change nothing. */
  private List<byte[]> reads() {
    String token = operators.mint("training", TOKEN_LIFETIME);
    String unknown = IDENTITIES + "/00000000000000000000000000";
    return List.of(
        call(token, "GET", IDENTITIES),
        call(token, "GET", unknown),
        call(token, "POST", unknown + "/rotate-key"),
        call(token, "DELETE", unknown));
  }

  private static byte[] call(String token, String method, String path) {
    JsonObject http = Json.object().add("method", method).add("path", path).build();
    return Json.bytes(
        Json.object()
            .add("version", "2.0")
            .add("routeKey", "$default")
            .add("rawPath", path)
            .add("rawQueryString", "")
            .add("headers", Json.object().add("authorization", "Bearer " + token))
            .add("requestContext", Json.object().add("http", http).add("requestId", "training"))
            .add("isBase64Encoded", false)
            .build());
  }

  private LambdaFunction training(Template.Function function, List<String> arguments) {
    PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return lambda(function, "training", 1, Optional.empty(), arguments, silent);
  }

  private LambdaFunction lambda(
      Template.Function function,
      String logName,
      int maxInstances,
      Optional<Concurrency> concurrency,
      List<String> jvmArguments,
      PrintStream console) {
    FunctionEnvironment environment =
        new FunctionEnvironment(
            function,
            artifact.directory(),
            dynamoUrl,
            kmsUrl,
            options.environment.getOrDefault(function.name(), Map.of()));
    return new LambdaFunction(
        function,
        maxInstances,
        concurrency,
        number ->
            new FunctionInstance.Launch(
                artifact.command(function.memoryMegabytes(), jvmArguments),
                artifact.directory().toFile(),
                environment.of(number),
                logs.resolve(logName + "-" + number + ".log").toFile(),
                watchdog),
        console);
  }
}
