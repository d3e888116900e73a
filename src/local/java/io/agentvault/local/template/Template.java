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
import java.util.Set;

/**
 * What the local cloud needs from {@code template.yaml}: functions with their environment, routes
 * and stream events, and the table. Resources and properties of no interest are skipped, whatever
 * they hold.
 */
public final class Template {

  /** A function of the template; {@code name} is its logical id, short and lower-case: "vault". */
  public record Function(
      String name,
      String logicalId,
      String handler,
      Map<String, String> environment,
      Duration timeout,
      int memoryMegabytes,
      List<Route> routes,
      Optional<StreamEvent> stream) {}

  /** A route of the HTTP API, its path as written: {@code /v0/vault/{label}}. */
  public record Route(String function, String method, String path, Throttle throttle) {
    public String key() {
      return method + " " + path;
    }
  }

  /** Requests a second that a route admits in the long run, and at once; 0 means no limit. */
  public record Throttle(double ratePerSecond, int burst) {}

  /** How the table's stream feeds a function. */
  public record StreamEvent(
      int batchSize,
      boolean bisect,
      boolean reportsItemFailures,
      int maximumRetries,
      List<String> filterPatterns) {}

  private final Map<String, Object> root;
  private final Intrinsics intrinsics;
  private final Map<String, Object> globals;

  private Template(Map<String, Object> root, Intrinsics intrinsics) {
    this.root = root;
    this.intrinsics = intrinsics;
    this.globals = at(at(root, "Globals"), "Function");
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

  /** The one table, as CloudFormation's properties with everything resolved. */
  public Map<String, Object> table() {
    return resolved(resources("AWS::DynamoDB::Table").values().iterator().next());
  }

  public String tableLogicalId() {
    return resources("AWS::DynamoDB::Table").keySet().iterator().next();
  }

  /** The logical ids of the KMS keys. */
  public List<String> keyLogicalIds() {
    return List.copyOf(resources("AWS::KMS::Key").keySet());
  }

  /** A resource's properties, unresolved, by logical id; empty if there is none of that type. */
  private Map<String, Map<String, Object>> resources(String type) {
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

  private Function function(String id, Map<String, Object> properties) {
    String name = id.replaceFirst("Function$", "").toLowerCase(Locale.ROOT);
    List<Route> routes = new ArrayList<>();
    List<StreamEvent> streams = new ArrayList<>();
    at(properties, "Events")
        .forEach(
            (event, value) -> {
              Map<String, Object> definition = map(value);
              switch (String.valueOf(definition.get("Type"))) {
                case "HttpApi" -> routes.add(route(name, at(definition, "Properties")));
                case "DynamoDB" -> streams.add(stream(at(definition, "Properties")));
                default -> {}
              }
            });
    return new Function(
        name,
        id,
        intrinsics.text(setting(properties, "Handler", "bootstrap")),
        environment(properties),
        Duration.ofSeconds(Long.parseLong(intrinsics.text(setting(properties, "Timeout", "3")))),
        Integer.parseInt(intrinsics.text(setting(properties, "MemorySize", "128"))),
        List.copyOf(routes),
        streams.stream().findFirst());
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

  private Route route(String function, Map<String, Object> event) {
    String method = intrinsics.text(event.getOrDefault("Method", "ANY")).toUpperCase(Locale.ROOT);
    String path = intrinsics.text(event.getOrDefault("Path", "$default"));
    Map<String, Object> settings = new LinkedHashMap<>();
    for (Map<String, Object> api : resources("AWS::Serverless::HttpApi").values()) {
      settings.putAll(resolved(at(api, "DefaultRouteSettings")));
      settings.putAll(at(resolved(at(api, "RouteSettings")), method + " " + path));
    }
    settings.putAll(resolved(at(event, "RouteSettings")));
    return new Route(
        function,
        method,
        path,
        new Throttle(
            Double.parseDouble(settings.getOrDefault("ThrottlingRateLimit", 0).toString()),
            Integer.parseInt(settings.getOrDefault("ThrottlingBurstLimit", 0).toString())));
  }

  private StreamEvent stream(Map<String, Object> event) {
    Map<String, Object> wanted = new LinkedHashMap<>(event);
    // References to the stream itself and to failure queues mean nothing here.
    wanted.keySet().removeAll(List.of("Stream", "DestinationConfig"));
    Map<String, Object> properties = resolved(wanted);
    Object types = properties.getOrDefault("FunctionResponseTypes", List.of());
    List<String> patterns = new ArrayList<>();
    if (at(properties, "FilterCriteria").get("Filters") instanceof List<?> filters) {
      filters.forEach(filter -> patterns.add(String.valueOf(map(filter).get("Pattern"))));
    }
    return new StreamEvent(
        Integer.parseInt(properties.getOrDefault("BatchSize", 100).toString()),
        Boolean.parseBoolean(
            properties.getOrDefault("BisectBatchOnFunctionError", false).toString()),
        types instanceof List<?> list && list.contains("ReportBatchItemFailures"),
        Integer.parseInt(properties.getOrDefault("MaximumRetryAttempts", -1).toString()),
        List.copyOf(patterns));
  }

  private Map<String, Object> resolved(Map<String, Object> properties) {
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
