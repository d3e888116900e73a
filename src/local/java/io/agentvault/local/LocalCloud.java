package io.agentvault.local;

import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.WireTap;
import io.agentvault.local.host.AwsClients;
import io.agentvault.local.host.Json;
import io.agentvault.local.host.Parts;
import io.agentvault.local.host.Watchdog;
import io.agentvault.local.keys.OperatorKeys;
import io.agentvault.local.runtime.Invocation;
import io.agentvault.local.runtime.InvokeApi;
import io.agentvault.local.runtime.LambdaFunction;
import io.agentvault.local.table.StreamPump;
import io.agentvault.local.table.StreamReader;
import io.agentvault.local.table.TableSetup;
import io.agentvault.local.template.Template;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * The packaged functions under a local Lambda, behind a local HTTP API, over DynamoDB Local and a
 * local KMS, all on 127.0.0.1, or over others' ({@link Options#services}). Any number of them run
 * side by side.
 */
public final class LocalCloud implements AutoCloseable {
  private static final String REAPER = "reaper";

  private final Path directory;
  private final Parts parts;
  private final OperatorKeys operators;
  private final String tablePrefix;
  private final Template template;
  private final String tableName;
  private final Map<String, LambdaFunction> functions;
  private final DynamoDbClient dynamo;
  private final KmsClient kms;
  private final Optional<WireTap> tap;
  private final Map<String, StreamPump> streams;
  private final Doors doors;
  private final InvokeApi invokeApi;

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
    this.directory = directory(options);
    this.parts = new Parts(options.console);
    try {
      Watchdog watchdog = parts.keep(new Watchdog());
      operators = operatorKeys(options);
      Services services =
          options
              .services
              .map(endpoints -> Services.at(endpoints, parts))
              .orElseGet(() -> Services.own(options, logs(), watchdog, parts));
      dynamo = parts.keep(AwsClients.dynamo(services.dynamoDb()));
      kms = parts.keep(AwsClients.kms(services.kms()));
      Map<String, URI> endpoints = Map.of("dynamodb", services.dynamoDb(), "kms", services.kms());
      tap = options.tapped ? Optional.of(parts.keep(new WireTap(endpoints))) : Optional.empty();
      tap.ifPresent(t -> t.conflicts(options.conflicts));
      tablePrefix = services.tablePrefix();
      template = template(options, services.keys());
      tableName = tableName(template.tableLogicalId());
      Map<String, String> streamArns = tables(services.dynamoDb());
      Fleet fleet =
          new Fleet(
              options,
              operators,
              url(endpoints, "dynamodb"),
              url(endpoints, "kms"),
              logs(),
              watchdog);
      functions = fleet.functions(template, parts);
      streams = streams(options, streamArns, services.dynamoDb());
      // Last, since who reaches them reaches the functions.
      doors = Doors.open(options, template, parts, this::run);
      invokeApi = parts.keep(new InvokeApi(options.invokePort, this::run));
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  private static Path directory(Options options) {
    try {
      Files.createDirectories(options.cache());
      Path directory =
          options.data.isPresent()
              ? options.data.get()
              : Files.createTempDirectory(options.cache(), "run-");
      Files.createDirectories(directory.resolve("logs"));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the local cloud's directory", e);
    }
  }

  private static OperatorKeys operatorKeys(Options options) {
    return options
        .data
        .filter(data -> !options.parameters.containsKey("OperatorJwks"))
        .map(data -> OperatorKeys.in(data.resolve("operator-key.json")))
        .orElseGet(OperatorKeys::generate);
  }

  private Template template(Options options, Services.Keys keys) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("OperatorIssuer", OperatorKeys.LOCAL_ISSUER);
    parameters.put("OperatorAudience", OperatorKeys.AUDIENCE);
    parameters.put("OperatorJwks", operators.jwks());
    parameters.keySet().retainAll(Template.parameterNames(options.templateFile()));
    parameters.putAll(options.parameters);
    Template plain = Template.load(options.templateFile(), parameters, Map.of());
    Map<String, String> names = new LinkedHashMap<>();
    plain.tables().forEach((id, table) -> names.put(id, tableName(id, table)));
    for (String id : plain.keyLogicalIds()) {
      Services.Key key = keys.of(id, plain.keySpec(id));
      names.put(id, key.id());
      names.put(id + ".Arn", key.arn());
      names.put(id + ".KeyId", key.id());
    }
    return Template.load(options.templateFile(), parameters, names);
  }

  private String tableName(String logicalId, Map<String, Object> table) {
    return table.getOrDefault("TableName", tablePrefix + logicalId).toString();
  }

  /** Makes the tables; answers the streams of those that have one. */
  private Map<String, String> tables(URI endpoint) {
    Map<String, String> streamArns = new LinkedHashMap<>();
    try (DynamoDbClient once = AwsClients.dynamoWithoutRetries(endpoint)) {
      template
          .tables()
          .forEach(
              (id, table) ->
                  new TableSetup(once, tableName(id, table), table)
                      .ensure()
                      .ifPresent(arn -> streamArns.put(id, arn)));
    }
    return streamArns;
  }

  private String url(Map<String, URI> endpoints, String service) {
    return tap.map(t -> t.url(service)).orElseGet(() -> String.valueOf(endpoints.get(service)));
  }

  private Map<String, StreamPump> streams(Options options, Map<String, String> arns, URI endpoint) {
    Map<String, StreamPump> pumps = new LinkedHashMap<>();
    for (Template.Function function : template.functions()) {
      function.stream()
          .ifPresent(
              event ->
                  pumps.put(
                      function.name(), pump(options, function.name(), event, arns, endpoint)));
    }
    return pumps;
  }

  private StreamPump pump(
      Options options,
      String function,
      Template.StreamEvent event,
      Map<String, String> arns,
      URI endpoint) {
    String arn = arns.get(event.table());
    if (arn == null) {
      throw new IllegalArgumentException(
          "the template's table " + event.table() + " has no stream");
    }
    StreamReader reader =
        new StreamReader(
            parts.keep(AwsClients.streams(endpoint)),
            arn,
            TableSetup.ttlAttribute(template.table(event.table())),
            checkpoint(options, function));
    return parts.keep(new StreamPump(reader, event, payload -> run(function, payload)));
  }

  /** The place in a stream of others is not kept: what is kept here is about this data. */
  private static Optional<Path> checkpoint(Options options, String function) {
    String file = function.equals(REAPER) ? "stream.json" : "stream-" + function + ".json";
    return options.services.isPresent()
        ? Optional.empty()
        : options.data.map(data -> data.resolve(file));
  }

  private Invocation run(String name, byte[] event) throws InterruptedException {
    return function(name).invoke(event);
  }

  /** The base URL of the agents' API, without a slash at its end. */
  public String url() {
    return doors.agents();
  }

  /** The base URL of an API by its logical id, such as the operators' own; empty without one. */
  public Optional<String> url(String api) {
    return doors.api(api);
  }

  /** A function's Function URL, without a slash at its end; empty where it has none. */
  public Optional<String> functionUrl(String function) {
    return doors.functionUrl(function);
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

  /** A client of DynamoDB that the tap does not see. */
  public DynamoDbClient dynamo() {
    return dynamo;
  }

  /** A client of KMS that the tap does not see. */
  public KmsClient kms() {
    return kms;
  }

  /** The name of the table of the vaults. */
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

  /** The stream that feeds the reaper. */
  public StreamPump stream() {
    return stream(REAPER);
  }

  /** The stream that feeds a function. */
  public StreamPump stream(String function) {
    StreamPump pump = streams.get(function);
    if (pump == null) {
      throw new IllegalStateException("no stream feeds " + function);
    }
    return pump;
  }

  /** The name of a table by its logical id. */
  public String tableName(String logicalId) {
    return tableName(logicalId, template.table(logicalId));
  }

  /**
   * The directory of the logs: one file per instance, and DynamoDB Local's if it is the cloud's.
   */
  public Path logs() {
    return directory.resolve("logs");
  }

  @Override
  public void close() {
    parts.close();
  }
}
