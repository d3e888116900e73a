package io.agentvault.local.template;

import io.agentvault.local.host.Account;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the local cloud needs from {@code template.yaml}: functions with their environment, routes
 * and stream events, and the table. Resources and properties of no interest are skipped, whatever
 * they hold.
 */
public final class Template {

  /**
   * A function of the template; {@code name} is its logical id, short and lower-case: "vault".
   *
   * @param reservedConcurrency what it has of the pool for itself, and at most
   * @param url whether it has a Function URL
   */
  public record Function(
      String name,
      String logicalId,
      String handler,
      Map<String, String> environment,
      Duration timeout,
      int memoryMegabytes,
      OptionalInt reservedConcurrency,
      boolean url,
      List<Route> routes,
      Optional<StreamEvent> stream) {}

  /** A route of an HTTP API, its path as written: {@code /v0/vault/{label}}. */
  public record Route(String api, String function, String method, String path, Throttle throttle) {
    public String key() {
      return path.equals("$default") ? path : method + " " + path;
    }
  }

  /**
   * Requests a second that a route admits in the long run, and at once. 0 of either admits none,
   * which is how a route is closed.
   */
  public record Throttle(double ratePerSecond, int burst) {
    public static final Throttle NONE = new Throttle(Double.POSITIVE_INFINITY, Integer.MAX_VALUE);

    public boolean isClosed() {
      return ratePerSecond == 0 || burst == 0;
    }
  }

  /**
   * How a table's stream feeds a function.
   *
   * @param table the table's logical id
   * @param window how long records are gathered for a batch
   */
  public record StreamEvent(
      String table,
      int batchSize,
      Duration window,
      boolean bisect,
      boolean reportsItemFailures,
      int maximumRetries,
      List<String> filterPatterns) {}

  private final Map<String, Object> root;
  private final Intrinsics intrinsics;
  private final Map<String, Object> globals;
  private final HttpApis httpApis;

  private Template(Map<String, Object> root, Intrinsics intrinsics) {
    this.root = root;
    this.intrinsics = intrinsics;
    this.globals = at(at(root, "Globals"), "Function");
    this.httpApis = new HttpApis(this);
  }

  /**
   * Reads a template.
   *
   * @param parameters values for the template's parameters, in place of their defaults
   * @param names what references to resources answer: {@code Table}, {@code Key.Arn}
   */
  public static Template load(
      Path file, Map<String, String> parameters, Map<String, String> names) {
    Map<String, Object> root = CloudFormationYaml.read(file);
    Map<String, String> known = new LinkedHashMap<>(pseudoParameters());
    Map<String, Object> declared = at(root, "Parameters");
    declared.forEach(
        (name, definition) -> {
          Object value = ((Map<?, ?>) definition).get("Default");
          known.put(name, parameters.getOrDefault(name, value == null ? "" : value.toString()));
        });
    parameters.keySet().stream()
        .filter(name -> !declared.containsKey(name))
        .forEach(
            name -> {
              throw new IllegalArgumentException("the template has no parameter named " + name);
            });
    known.put("AWS::StackName", "agent-vault-" + known.getOrDefault("Stage", "local"));
    known.putAll(names);
    return new Template(root, new Intrinsics(at(root, "Mappings"), at(root, "Conditions"), known));
  }

  /** The names of a template's parameters. */
  public static Set<String> parameterNames(Path file) {
    return at(CloudFormationYaml.read(file), "Parameters").keySet();
  }

  private static Map<String, String> pseudoParameters() {
    return Map.of(
        "AWS::Region",
        Account.REGION,
        "AWS::AccountId",
        Account.ID,
        "AWS::Partition",
        "aws",
        "AWS::URLSuffix",
        "amazonaws.com",
        "AWS::StackId",
        "arn:aws:cloudformation:" + Account.REGION + ":" + Account.ID + ":stack/local/1");
  }

  /** Every function that the conditions let be, in the template's order. */
  public List<Function> functions() {
    return resources("AWS::Serverless::Function").entrySet().stream()
        .map(entry -> function(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** The tables by logical id, as CloudFormation's properties with everything resolved. */
  public Map<String, Map<String, Object>> tables() {
    Map<String, Map<String, Object>> tables = new LinkedHashMap<>();
    resources("AWS::DynamoDB::Table").forEach((id, table) -> tables.put(id, resolved(table)));
    return tables;
  }

  public Map<String, Object> table(String logicalId) {
    Map<String, Object> table = tables().get(logicalId);
    if (table == null) {
      throw new IllegalArgumentException("the template has no table named " + logicalId);
    }
    return table;
  }

  /** The table of the vaults. */
  public String tableLogicalId() {
    Set<String> tables = tables().keySet();
    return tables.contains("Table") ? "Table" : tables.iterator().next();
  }

  /** The logical ids of the KMS keys. */
  public List<String> keyLogicalIds() {
    return List.copyOf(resources("AWS::KMS::Key").keySet());
  }

  /** A key's kind, such as {@code ECC_NIST_P256}. */
  public String keySpec(String logicalId) {
    Map<String, Object> key = resources("AWS::KMS::Key").getOrDefault(logicalId, Map.of());
    return intrinsics.text(key.getOrDefault("KeySpec", "SYMMETRIC_DEFAULT"));
  }

  /** The logical ids of the HTTP APIs, the agents' first. */
  public List<String> apis() {
    return httpApis.names();
  }

  /** A resource's properties, unresolved, by logical id; empty if there is none of that type. */
  Map<String, Map<String, Object>> resources(String type) {
    Map<String, Map<String, Object>> found = new LinkedHashMap<>();
    at(root, "Resources")
        .forEach(
            (id, value) -> {
              Map<String, Object> resource = map(value);
              Object condition = resource.get("Condition");
              if (type.equals(resource.get("Type"))
                  && (condition == null || intrinsics.condition(condition.toString()))) {
                found.put(id, at(resource, "Properties"));
              }
            });
    return found;
  }

  static String shortName(String functionLogicalId) {
    return functionLogicalId.replaceFirst("Function$", "").toLowerCase(Locale.ROOT);
  }

  private Function function(String id, Map<String, Object> properties) {
    String name = shortName(id);
    Object reserved = intrinsics.resolve(setting(properties, "ReservedConcurrentExecutions", ""));
    return new Function(
        name,
        id,
        intrinsics.text(setting(properties, "Handler", "bootstrap")),
        environment(properties),
        Duration.ofSeconds(Long.parseLong(intrinsics.text(setting(properties, "Timeout", "3")))),
        Integer.parseInt(intrinsics.text(setting(properties, "MemorySize", "128"))),
        reserved.toString().matches("\\d+")
            ? OptionalInt.of(Integer.parseInt(reserved.toString()))
            : OptionalInt.empty(),
        !at(resolved(properties, "FunctionUrlConfig"), "FunctionUrlConfig").isEmpty()
            || resources("AWS::Lambda::Url").values().stream()
                .anyMatch(url -> refersTo(url.getOrDefault("TargetFunctionArn", ""), id)),
        httpApis.routesTo(name),
        events(properties, "DynamoDB").values().stream().map(this::stream).findFirst());
  }

  /** The properties of a function's events of a type, unresolved. */
  static Map<String, Map<String, Object>> events(Map<String, Object> function, String type) {
    Map<String, Map<String, Object>> events = new LinkedHashMap<>();
    at(function, "Events")
        .forEach(
            (name, value) -> {
              Map<String, Object> event = map(value);
              if (type.equals(event.get("Type"))) {
                events.put(name, at(event, "Properties"));
              }
            });
    return events;
  }

  /** Whether a reference is to that resource, by name or by ARN. */
  boolean refersTo(Object reference, String logicalId) {
    String text = intrinsics.text(reference);
    return text.equals(intrinsics.text(Map.of("Ref", logicalId)))
        || text.contains(intrinsics.text(Map.of("Fn::GetAtt", List.of(logicalId, "Arn"))));
  }

  private Object setting(Map<String, Object> properties, String name, String otherwise) {
    return properties.getOrDefault(name, globals.getOrDefault(name, otherwise));
  }

  private Map<String, String> environment(Map<String, Object> properties) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (Map<String, Object> owner : List.of(globals, properties)) {
      resolved(at(at(owner, "Environment"), "Variables"))
          .forEach((name, value) -> environment.put(name, value.toString()));
    }
    return environment;
  }

  private StreamEvent stream(Map<String, Object> event) {
    Map<String, Object> wanted = new LinkedHashMap<>(event);
    // A failure queue means nothing here.
    wanted.remove("DestinationConfig");
    Map<String, Object> properties = resolved(wanted);
    Object types = properties.getOrDefault("FunctionResponseTypes", List.of());
    List<String> patterns = new ArrayList<>();
    if (at(properties, "FilterCriteria").get("Filters") instanceof List<?> filters) {
      filters.forEach(filter -> patterns.add(String.valueOf(map(filter).get("Pattern"))));
    }
    return new StreamEvent(
        streamedTable(properties.getOrDefault("Stream", "").toString()),
        Integer.parseInt(properties.getOrDefault("BatchSize", 100).toString()),
        Duration.ofSeconds(
            Long.parseLong(
                properties.getOrDefault("MaximumBatchingWindowInSeconds", 0).toString())),
        Boolean.parseBoolean(
            properties.getOrDefault("BisectBatchOnFunctionError", false).toString()),
        types instanceof List<?> list && list.contains("ReportBatchItemFailures"),
        Integer.parseInt(properties.getOrDefault("MaximumRetryAttempts", -1).toString()),
        List.copyOf(patterns));
  }

  /** A stream that is of no table here, such as a restored table's, stands for the vaults'. */
  private String streamedTable(String streamArn) {
    return tables().keySet().stream()
        .filter(
            id -> intrinsics.text(Map.of("Fn::GetAtt", List.of(id, "StreamArn"))).equals(streamArn))
        .findFirst()
        .orElseGet(this::tableLogicalId);
  }

  private Map<String, Object> resolved(Map<String, Object> owner, String key) {
    Object value = intrinsics.resolve(owner.getOrDefault(key, Intrinsics.NO_VALUE));
    return value == Intrinsics.NO_VALUE ? Map.of() : Map.of(key, value);
  }

  String text(Object node) {
    return intrinsics.text(node);
  }

  Map<String, Object> resolved(Map<String, Object> properties) {
    return map(intrinsics.resolve(properties));
  }

  public static Map<String, Object> at(Map<String, Object> map, String key) {
    Object value = map.get(key);
    return value == null ? Map.of() : map(value);
  }

  /** A property that is there in part only, or is an unevaluated intrinsic, counts as empty. */
  @SuppressWarnings("unchecked") // CloudFormationYaml makes maps with text keys only
  private static Map<String, Object> map(Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }
}
