package io.agentvault.local.template;

import io.agentvault.local.host.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates CloudFormation's intrinsic functions over a template that {@link CloudFormationYaml}
 * read. Only what is asked for is evaluated, so a template may use functions unknown here where no
 * one looks.
 */
final class Intrinsics {
  /** What {@code AWS::NoValue} evaluates to; maps and lists leave it out. */
  static final Object NO_VALUE = new Object();

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(!?)([^}]+)}");

  private final Map<String, Object> mappings;
  private final Map<String, Object> conditions;
  private final Map<String, String> names;

  /**
   * @param names what {@code Ref} and {@code GetAtt} answer: parameters, pseudo parameters,
   *     resources by logical id, and attributes as {@code LogicalId.Attribute}
   */
  Intrinsics(
      Map<String, Object> mappings, Map<String, Object> conditions, Map<String, String> names) {
    this.mappings = mappings;
    this.conditions = conditions;
    this.names = Map.copyOf(names);
  }

  Object resolve(Object node) {
    return switch (node) {
      case Map<?, ?> map when function(map) instanceof String name ->
          call(name, map.values().iterator().next());
      case Map<?, ?> map -> {
        Map<String, Object> resolved = new LinkedHashMap<>();
        map.forEach((key, value) -> keep(resolve(value), v -> resolved.put((String) key, v)));
        yield resolved;
      }
      case List<?> list -> {
        List<Object> resolved = new ArrayList<>();
        list.forEach(item -> keep(resolve(item), resolved::add));
        yield resolved;
      }
      default -> node;
    };
  }

  private static void keep(Object value, java.util.function.Consumer<Object> into) {
    if (value != NO_VALUE) {
      into.accept(value);
    }
  }

  private static Object function(Map<?, ?> map) {
    if (map.size() != 1) {
      return NO_VALUE;
    }
    Object key = map.keySet().iterator().next();
    return key instanceof String s && (s.equals("Ref") || s.startsWith("Fn::")) ? s : NO_VALUE;
  }

  boolean condition(String name) {
    Object definition = conditions.get(name);
    if (definition == null) {
      throw new IllegalArgumentException("no condition named " + name);
    }
    return truth(definition);
  }

  private boolean truth(Object node) {
    if (node instanceof Map<?, ?> map && map.size() == 1) {
      Object key = map.keySet().iterator().next();
      if (key.equals("Condition")) {
        return condition(String.valueOf(map.get(key)));
      }
      List<?> terms = map.get(key) instanceof List<?> list ? list : List.of();
      switch (String.valueOf(key)) {
        case "Fn::Equals" -> {
          return text(terms.get(0)).equals(text(terms.get(1)));
        }
        case "Fn::Not" -> {
          return !truth(terms.getFirst());
        }
        case "Fn::And" -> {
          return terms.stream().allMatch(this::truth);
        }
        case "Fn::Or" -> {
          return terms.stream().anyMatch(this::truth);
        }
        default -> {}
      }
    }
    return Boolean.parseBoolean(text(node));
  }

  private Object call(String name, Object argument) {
    return switch (name) {
      case "Ref" -> argument.equals("AWS::NoValue") ? NO_VALUE : named(String.valueOf(argument));
      case "Fn::GetAtt" -> named(String.join(".", texts(argument)));
      case "Fn::Sub" ->
          argument instanceof List<?> list ? substitute(list) : sub(text(argument), Map.of());
      case "Fn::Join" -> String.join(text(items(argument).get(0)), texts(items(argument).get(1)));
      case "Fn::Select" ->
          texts(items(argument).get(1)).get(Integer.parseInt(text(items(argument).get(0))));
      case "Fn::Split" ->
          List.copyOf(
              Arrays.asList(
                  text(items(argument).get(1))
                      .split(Pattern.quote(text(items(argument).get(0))), -1)));
      case "Fn::If" ->
          resolve(items(argument).get(truth(Map.of("Condition", items(argument).get(0))) ? 1 : 2));
      case "Fn::FindInMap" -> find(texts(argument));
      case "Fn::ImportValue" -> "import-" + text(argument);
      case "Fn::Base64" ->
          java.util.Base64.getEncoder()
              .encodeToString(text(argument).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      case "Fn::GetAZs" -> List.of("local-1a", "local-1b");
      case "Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or" -> truth(Map.of(name, argument));
      case "Fn::ToJsonString" -> Json.text(resolve(argument));
      case "Fn::Length" -> (long) ((List<?>) resolve(argument)).size();
      default -> throw new IllegalArgumentException("the local cloud does not evaluate " + name);
    };
  }

  private Object named(String name) {
    String value = names.get(name);
    if (value != null) {
      return value;
    }
    // A resource that the local cloud does not make still has a name, so that a reference to it
    // holds.
    return name.contains(".") ? "arn:aws:local:::" + name.replace('.', '/') : "local-" + name;
  }

  private String substitute(List<?> list) {
    Map<String, String> own = new LinkedHashMap<>();
    ((Map<?, ?>) list.get(1)).forEach((key, value) -> own.put((String) key, text(value)));
    return sub(text(list.getFirst()), own);
  }

  private String sub(String pattern, Map<String, String> own) {
    Matcher placeholder = PLACEHOLDER.matcher(pattern);
    return placeholder.replaceAll(
        match -> {
          String name = match.group(2);
          String value =
              !match.group(1).isEmpty()
                  ? "${" + name + "}"
                  : own.containsKey(name)
                      ? String.valueOf(own.get(name))
                      : String.valueOf(named(name));
          return Matcher.quoteReplacement(value);
        });
  }

  private Object find(List<String> path) {
    Object level = mappings;
    for (String key : path) {
      Object next = level instanceof Map<?, ?> map ? map.get(key) : null;
      if (next == null) {
        throw new IllegalArgumentException("FindInMap finds nothing at " + path);
      }
      level = next;
    }
    return level;
  }

  private static List<?> items(Object argument) {
    return (List<?>) argument;
  }

  private List<String> texts(Object argument) {
    Object resolved = resolve(argument);
    return resolved instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of(String.valueOf(resolved).split(",", -1));
  }

  String text(Object node) {
    return String.valueOf(resolve(node));
  }
}
