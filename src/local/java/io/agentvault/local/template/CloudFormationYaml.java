package io.agentvault.local.template;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a CloudFormation template as maps, lists and scalars, the short forms of intrinsics ({@code
 * !Sub x}) turned into the long ones ({@code Fn::Sub: x}). Nothing is evaluated here.
 */
final class CloudFormationYaml {
  private CloudFormationYaml() {}

  static Map<String, Object> read(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      Node root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(reader);
      if (!(root instanceof MappingNode mapping)) {
        throw new IllegalArgumentException(file + " is not a YAML mapping");
      }
      return mapping(mapping);
    } catch (IOException e) {
      throw new IllegalArgumentException("template cannot be read: " + file, e);
    }
  }

  private static Object value(Node node) {
    String tag = node.getTag().getValue();
    if (tag.startsWith("!") && tag.length() > 1) {
      return intrinsic(tag.substring(1), untagged(node));
    }
    return untagged(node);
  }

  private static Object intrinsic(String name, Object argument) {
    return switch (name) {
      case "Ref", "Condition" -> Map.of(name, argument);
      case "GetAtt" -> Map.of("Fn::GetAtt", argument instanceof String s ? dotted(s) : argument);
      default -> Map.of("Fn::" + name, argument);
    };
  }

  static List<Object> dotted(String resourceAndAttribute) {
    int dot = resourceAndAttribute.indexOf('.');
    if (dot < 0) {
      throw new IllegalArgumentException("GetAtt without an attribute: " + resourceAndAttribute);
    }
    return List.of(resourceAndAttribute.substring(0, dot), resourceAndAttribute.substring(dot + 1));
  }

  private static Object untagged(Node node) {
    return switch (node) {
      case MappingNode mapping -> mapping(mapping);
      case SequenceNode sequence -> sequence(sequence);
      case ScalarNode scalar -> scalar(scalar);
      default -> throw new IllegalArgumentException("unexpected YAML at " + node.getStartMark());
    };
  }

  private static Map<String, Object> mapping(MappingNode node) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (NodeTuple entry : node.getValue()) {
      String key = ((ScalarNode) entry.getKeyNode()).getValue();
      if (map.put(key, value(entry.getValueNode())) != null) {
        throw new IllegalArgumentException(
            "duplicate key " + key + entry.getKeyNode().getStartMark());
      }
    }
    return map;
  }

  private static List<Object> sequence(SequenceNode node) {
    List<Object> list = new ArrayList<>();
    node.getValue().forEach(item -> list.add(value(item)));
    return list;
  }

  /** Dates stay text, as in CloudFormation; an absent value is the empty text. */
  private static Object scalar(ScalarNode node) {
    String text = node.getValue();
    if (node.getTag().equals(Tag.BOOL)) {
      return Boolean.valueOf(text);
    }
    if (node.getTag().equals(Tag.INT)) {
      return Long.decode(text.replace("_", ""));
    }
    return text;
  }
}
