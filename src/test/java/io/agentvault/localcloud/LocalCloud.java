package io.agentvault.localcloud;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * The packaged functions under a local Lambda, behind a local HTTP API, over DynamoDB Local and a
 * local KMS, all on 127.0.0.1. Any number of them run side by side.
 */
public final class LocalCloud implements AutoCloseable {
  private static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("LOCALTEST", "local"));

  private final Options options;
  private final Path directory;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Map<String, LambdaFunction> functions = new LinkedHashMap<>();
  private final OperatorKeys operators;
  private final Template template;
  private final String tableName;
  private final DynamoDbClient dynamo;
  private final KmsClient kms;
  private final Optional<WireTap> tap;
  private final Optional<StreamPump> stream;
  private final HttpGateway gateway;
  private final InvokeApi invokeApi;
  private final Thread hook = new Thread(this::closeParts, "local-cloud-stop");

  public static Options options() {
    return new Options();
  }

  /** The one cloud that a run of black-box tests shares; it ends with the JVM. */
  public static LocalCloud shared() {
    return Shared.CLOUD;
  }

  private static final class Shared {
    private static final LocalCloud CLOUD = options().start();
  }

  LocalCloud(Options options) {
    this.options = options;
    this.directory = directory(options);
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      Watchdog watchdog = keep(new Watchdog());
      operators = operatorKeys();
      DynamoDbLocal dynamoDb =
          keep(
              DynamoDbLocal.start(
                  options.project,
                  options.data.map(data -> data.resolve("dynamodb")),
                  logs().resolve("dynamodb-local.log"),
                  watchdog));
      LocalKms localKms = keep(new LocalKms(options.data.map(data -> data.resolve("kms.json"))));
      dynamo = keep(dynamoClient(dynamoDb.endpoint()));
      kms = keep(kmsClient(URI.create(localKms.url())));
      tap =
          options.tapped
              ? Optional.of(
                  keep(
                      new WireTap(
                          Map.of(
                              "dynamodb", dynamoDb.endpoint(), "kms", URI.create(localKms.url())))))
              : Optional.empty();
      template = template(localKms);
      tableName = tableName(template);
      Optional<String> streamArn = new TableSetup(dynamo, tableName, template.table()).ensure();
      startFunctions(watchdog, dynamoDb.endpoint().toString(), localKms.url());
      stream = streamArn.flatMap(arn -> pump(arn, dynamoDb.endpoint()));
      List<Template.Route> routes =
          template.functions().stream().flatMap(function -> function.routes().stream()).toList();
      gateway = keep(new HttpGateway(options.port, routes, options.throttled, this::run));
      invokeApi = keep(new InvokeApi(options.invokePort, this::run));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static Path directory(Options options) {
    try {
      Path runs = Files.createDirectories(options.project.resolve("target/local-cloud"));
      Path directory =
          options.data.isPresent() ? options.data.get() : Files.createTempDirectory(runs, "run-");
      Files.createDirectories(directory.resolve("logs"));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the local cloud's directory", e);
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    synchronized (parts) {
      parts.push(part);
    }
    return part;
  }

  private OperatorKeys operatorKeys() {
    return options
        .data
        .map(data -> OperatorKeys.in(data.resolve("operator-key.json")))
        .orElseGet(OperatorKeys::generate);
  }

  private Template template(LocalKms localKms) {
    Path file = options.template.orElse(options.project.resolve("template.yaml"));
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("OperatorIssuer", OperatorKeys.LOCAL_ISSUER);
    parameters.put("OperatorAudience", OperatorKeys.AUDIENCE);
    parameters.put("OperatorJwks", operators.jwks());
    parameters.putAll(options.parameters);
    Template plain = Template.load(file, parameters, Map.of());
    Map<String, String> names = new LinkedHashMap<>();
    names.put(plain.tableLogicalId(), tableName(plain));
    for (String id : plain.keyLogicalIds()) {
      KmsKey key = localKms.keys().forAlias("alias/local-" + id.toLowerCase(Locale.ROOT));
      names.put(id, key.id());
      names.put(id + ".Arn", key.arn());
      names.put(id + ".KeyId", key.id());
    }
    return Template.load(file, parameters, names);
  }

  private static String tableName(Template template) {
    return template
        .table()
        .getOrDefault("TableName", "local-" + template.tableLogicalId())
        .toString();
  }

  private void startFunctions(Watchdog watchdog, String dynamoUrl, String kmsUrl) {
    Path file =
        options.artifact.orElseGet(
            () ->
                Path.of(
                    System.getProperty(
                        "vault.artifact",
                        options.project.resolve("target/function.zip").toString())));
    Artifact artifact =
        Artifact.of(file.toAbsolutePath(), options.project.resolve("target/local-cloud"));
    for (Template.Function function : template.functions()) {
      FunctionEnvironment environment =
          new FunctionEnvironment(
              function,
              artifact.directory(),
              tap.map(t -> t.url("dynamodb")).orElse(dynamoUrl),
              tap.map(t -> t.url("kms")).orElse(kmsUrl),
              options.environment.getOrDefault(function.name(), Map.of()));
      functions.put(
          function.name(),
          keep(
              new LambdaFunction(
                  function,
                  options.maxInstances,
                  number ->
                      new FunctionInstance.Launch(
                          artifact.command(function.memoryMegabytes(), options.jvmArguments),
                          artifact.directory().toFile(),
                          environment.of(number),
                          logs().resolve(function.name() + "-" + number + ".log").toFile(),
                          watchdog),
                  options.console)));
    }
  }

  private Optional<StreamPump> pump(String streamArn, URI endpoint) {
    return template.functions().stream()
        .filter(function -> function.stream().isPresent())
        .findFirst()
        .map(
            function ->
                keep(
                    new StreamPump(
                        keep(streamsClient(endpoint)),
                        streamArn,
                        function.stream().orElseThrow(),
                        event -> run(function.name(), event),
                        options.data.map(data -> data.resolve("stream.json")))));
  }

  static DynamoDbClient dynamoClient(URI endpoint) {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
        .region(Region.of(Template.REGION))
        .credentialsProvider(CREDENTIALS)
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  static DynamoDbStreamsClient streamsClient(URI endpoint) {
    return DynamoDbStreamsClient.builder()
        .endpointOverride(endpoint)
        .region(Region.of(Template.REGION))
        .credentialsProvider(CREDENTIALS)
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  static KmsClient kmsClient(URI endpoint) {
    return KmsClient.builder()
        .endpointOverride(endpoint)
        .region(Region.of(Template.REGION))
        .credentialsProvider(CREDENTIALS)
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  private Invocation run(String name, byte[] event) throws InterruptedException {
    return function(name).invoke(event);
  }

  /** The gateway's base URL, without a slash at its end. */
  public String url() {
    return gateway.url();
  }

  /** Where Lambda's Invoke API listens, for the AWS CLI's {@code --endpoint-url}. */
  public String invokeUrl() {
    return invokeApi.url();
  }

  /** Invokes a function directly and waits for its end. */
  public Invocation invoke(String function, byte[] event) {
    try {
      return run(function, event);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  public Invocation invoke(String function, JsonObject event) {
    return invoke(function, Json.bytes(event));
  }

  /** By its short name: "vault". */
  public LambdaFunction function(String name) {
    LambdaFunction function = functions.get(name);
    if (function == null) {
      throw new IllegalArgumentException(
          "no function named " + name + "; there are " + functions.keySet());
    }
    return function;
  }

  public List<LambdaFunction> functions() {
    return List.copyOf(functions.values());
  }

  /** Kills the instance that made a call; with {@link Fault#before} or {@link Fault#after}. */
  public void killCaller(Call call) {
    function(call.function()).instance(call.instance()).kill();
  }

  /** A client of DynamoDB Local that the tap does not see. */
  public DynamoDbClient dynamo() {
    return dynamo;
  }

  /** A client of the local KMS that the tap does not see. */
  public KmsClient kms() {
    return kms;
  }

  public String tableName() {
    return tableName;
  }

  public Template template() {
    return template;
  }

  public OperatorKeys operators() {
    return operators;
  }

  public WireTap tap() {
    return tap.orElseThrow(() -> new IllegalStateException("started without a tap"));
  }

  public StreamPump stream() {
    return stream.orElseThrow(() -> new IllegalStateException("the template has no stream event"));
  }

  /** The directory of the logs: one file per instance, and DynamoDB Local's. */
  public Path logs() {
    return directory.resolve("logs");
  }

  private void closeParts() {
    while (true) {
      AutoCloseable part;
      synchronized (parts) {
        part = parts.poll();
      }
      if (part == null) {
        return;
      }
      try {
        part.close();
      } catch (Exception e) {
        options.console.println(
            "local cloud: " + part.getClass().getSimpleName() + " did not close");
      }
    }
  }

  @Override
  public void close() {
    closeParts();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is on its way down already, and this is its hook.
      return;
    }
  }
}
