package io.agentvault.deployment;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A template as CloudFormation sees it: parameters filled in, conditions decided, intrinsic
 * functions resolved. A resource's name is its logical id after the stack's name, its ARN follows
 * from its type. What this reader does not know it refuses, so that nothing is held by accident.
 */
final class CloudFormation {
  static final Path TEMPLATE = Path.of("template.yaml");
  static final String PARTITION = "aws";
  static final String REGION = "eu-central-1";
  static final String ACCOUNT = "111122223333";

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^!}][^}]*)}");

  private final Map<String, Object> template;
  private final Map<String, String> parameters;
  private final String stack;

  private CloudFormation(
      Map<String, Object> template, Map<String, String> parameters, String stack) {
    this.template = template;
    this.parameters = parameters;
    this.stack = stack;
  }

  /** The template in {@code file}, deployed with the parameters' defaults. */
  static CloudFormation read(Path file) {
    Map<String, Object> template = YamlDocument.read(file);
    Map<String, String> defaults = new LinkedHashMap<>();
    Tree.map(Tree.find(template, "Parameters").orElse(Map.of()))
        .forEach(
            (name, parameter) ->
                Tree.find(parameter, "Default")
                    .ifPresent(value -> defaults.put(name, value.toString())));
    return new CloudFormation(template, defaults, "agent-vault-dev");
  }

  /** The same template, deployed as another stack and with other parameters. */
  CloudFormation deployed(String otherStack, Map<String, String> overrides) {
    Map<String, String> values = new LinkedHashMap<>(parameters);
    values.putAll(overrides);
    return new CloudFormation(template, values, otherStack);
  }

  /** A section such as {@code Parameters}, as written. */
  Map<String, Object> section(String name) {
    return Tree.map(Tree.at(template, name));
  }

  /** The resources of one type that are deployed, by logical id, as written. */
  Map<String, Object> resources(String type) {
    return section("Resources").entrySet().stream()
        .filter(entry -> Tree.text(entry.getValue(), "Type").equals(type))
        .filter(entry -> exists(entry.getValue()))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (a, b) -> b, LinkedHashMap::new));
  }

  private boolean exists(Object resource) {
    return Tree.find(resource, "Condition").map(name -> holds(name.toString())).orElse(true);
  }

  /** The properties of a resource, resolved. */
  Map<String, Object> properties(String logicalId) {
    return Tree.map(resolve(Tree.at(template, "Resources", logicalId, "Properties")).orElseThrow());
  }

  /** What {@code node} comes to; empty where it is {@code AWS::NoValue}. */
  Optional<Object> resolve(@Nullable Object node) {
    return switch (node) {
      case null -> Optional.empty();
      case Map<?, ?> map when map.size() == 1 && isIntrinsic(map) -> intrinsic(Tree.map(map));
      case Map<?, ?> map -> Optional.of(resolveEach(Tree.map(map)));
      case List<?> list ->
          Optional.of(list.stream().flatMap(item -> resolve(item).stream()).toList());
      default -> Optional.of(node);
    };
  }

  private Map<String, Object> resolveEach(Map<String, Object> map) {
    Map<String, Object> resolved = new LinkedHashMap<>();
    map.forEach((key, value) -> resolve(value).ifPresent(it -> resolved.put(key, it)));
    return resolved;
  }

  private static boolean isIntrinsic(Map<?, ?> map) {
    String key = map.keySet().iterator().next().toString();
    return key.equals("Ref") || key.startsWith("Fn::");
  }

  private Optional<Object> intrinsic(Map<String, Object> map) {
    Map.Entry<String, Object> call = map.entrySet().iterator().next();
    Object argument = call.getValue();
    return switch (call.getKey()) {
      case "Ref" -> reference(argument.toString());
      case "Fn::GetAtt" -> {
        List<String> path = Tree.texts(argument);
        yield Optional.of(attribute(path.getFirst(), path.getLast()));
      }
      case "Fn::Sub" -> Optional.of(substitute(Tree.list(argument)));
      case "Fn::If" -> {
        List<Object> branches = Tree.list(argument);
        yield resolve(branches.get(holds(branches.getFirst().toString()) ? 1 : 2));
      }
      case "Fn::Join" -> {
        List<Object> parts = Tree.list(argument);
        List<String> texts = Tree.texts(resolve(parts.get(1)).orElseThrow());
        yield Optional.of(String.join(parts.getFirst().toString(), texts));
      }
      default -> throw new IllegalArgumentException("unknown function " + call.getKey());
    };
  }

  private Optional<Object> reference(String name) {
    return switch (name) {
      case "AWS::NoValue" -> Optional.empty();
      case "AWS::Partition" -> Optional.of(PARTITION);
      case "AWS::Region" -> Optional.of(REGION);
      case "AWS::AccountId" -> Optional.of(ACCOUNT);
      case "AWS::StackName" -> Optional.of(stack);
      case "AWS::URLSuffix" -> Optional.of("amazonaws.com");
      default -> {
        String parameter = parameters.get(name);
        yield Optional.of(parameter != null ? parameter : physicalName(name));
      }
    };
  }

  private String substitute(List<Object> arguments) {
    Map<String, Object> variables =
        arguments.size() > 1 ? resolveEach(Tree.map(arguments.get(1))) : Map.of();
    return VARIABLE
        .matcher(arguments.getFirst().toString())
        .replaceAll(match -> Matcher.quoteReplacement(variable(match.group(1), variables)));
  }

  private String variable(String name, Map<String, Object> variables) {
    Object own = variables.get(name);
    if (own != null) {
      return own.toString();
    }
    int dot = name.indexOf('.');
    return dot > 0
        ? attribute(name.substring(0, dot), name.substring(dot + 1))
        : reference(name).orElseThrow().toString();
  }

  private String physicalName(String logicalId) {
    String type = Tree.text(template, "Resources", logicalId, "Type");
    String name = stack + "-" + logicalId;
    return type.equals("AWS::SQS::Queue")
        ? "https://sqs.%s.amazonaws.com/%s/%s".formatted(REGION, ACCOUNT, name)
        : name;
  }

  private String attribute(String logicalId, String attribute) {
    String type = Tree.text(template, "Resources", logicalId, "Type");
    String name = stack + "-" + logicalId;
    return switch (type + " " + attribute) {
      case "AWS::DynamoDB::Table Arn" -> arn("dynamodb", "table/" + name);
      case "AWS::DynamoDB::Table StreamArn" ->
          arn("dynamodb", "table/" + name + "/stream/2026-01-01T00:00:00.000");
      case "AWS::KMS::Key Arn" -> arn("kms", "key/" + name);
      case "AWS::Logs::LogGroup Arn" -> arn("logs", "log-group:" + name + ":*");
      case "AWS::SQS::Queue Arn" -> arn("sqs", name);
      case "AWS::SQS::Queue QueueName", "AWS::Lambda::Function Name" -> name;
      case "AWS::Serverless::Function Arn", "AWS::Lambda::Function Arn" ->
          arn("lambda", "function:" + name);
      case "AWS::SecretsManager::Secret Arn" -> arn("secretsmanager", "secret:" + name);
      case "AWS::IAM::Role Arn" -> "arn:%s:iam::%s:role/%s".formatted(PARTITION, ACCOUNT, name);
      default -> throw new IllegalArgumentException("unknown attribute " + type + " " + attribute);
    };
  }

  private static String arn(String service, String resource) {
    return "arn:%s:%s:%s:%s:%s".formatted(PARTITION, service, REGION, ACCOUNT, resource);
  }

  /** Whether the condition of this name holds. */
  boolean holds(String condition) {
    return decide(Tree.at(template, "Conditions", condition));
  }

  /**
   * Whether a condition expression holds: {@code Fn::Equals}, {@code Not}, {@code And}, {@code Or}.
   */
  boolean decide(Object expression) {
    Map.Entry<String, Object> call = Tree.map(expression).entrySet().iterator().next();
    List<Object> arguments = Tree.list(call.getValue());
    return switch (call.getKey()) {
      case "Condition" -> holds(call.getValue().toString());
      case "Fn::Equals" -> resolve(arguments.getFirst()).equals(resolve(arguments.getLast()));
      case "Fn::Not" -> !decide(arguments.getFirst());
      case "Fn::And" -> arguments.stream().allMatch(this::decide);
      case "Fn::Or" -> arguments.stream().anyMatch(this::decide);
      default -> throw new IllegalArgumentException("unknown condition " + call.getKey());
    };
  }
}
