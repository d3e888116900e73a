package io.agentvault.deployment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reading a tree of maps, lists and scalars, as YAML and JSON give them, without casts. */
final class Tree {
  private Tree() {}

  static Map<String, Object> map(@Nullable Object node) {
    if (!(node instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException("expected a mapping, got " + node);
    }
    Map<String, Object> typed = new LinkedHashMap<>();
    map.forEach((key, value) -> typed.put(key.toString(), value));
    return typed;
  }

  /** What stands under {@code keys}, each inside the one before. */
  static Optional<Object> find(Object node, String... keys) {
    Object found = node;
    for (String key : keys) {
      if (!(found instanceof Map<?, ?> map)) {
        return Optional.empty();
      }
      Object next = map.get(key);
      if (next == null) {
        return Optional.empty();
      }
      found = next;
    }
    return Optional.of(found);
  }

  static Object at(Object node, String... keys) {
    return find(node, keys)
        .orElseThrow(() -> new IllegalArgumentException("no " + String.join("/", keys)));
  }

  static String text(Object node, String... keys) {
    return at(node, keys).toString();
  }

  /** One or many, as IAM and CloudFormation allow: a scalar is a list of one. */
  static List<Object> list(Object node) {
    return node instanceof List<?> list ? new ArrayList<>(list) : List.of(node);
  }

  static List<String> texts(Object node) {
    return list(node).stream().map(Object::toString).toList();
  }

  /** Every node below and including {@code node}. */
  static Stream<Object> nodes(Object node) {
    Stream<?> below =
        switch (node) {
          case Map<?, ?> map -> map.values().stream();
          case List<?> list -> list.stream();
          default -> Stream.empty();
        };
    return Stream.concat(Stream.of(node), below.flatMap(Tree::nodes));
  }
}
