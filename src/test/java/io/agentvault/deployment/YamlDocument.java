package io.agentvault.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * YAML with CloudFormation's short forms turned into the long ones: {@code !Ref A} becomes {@code
 * {Ref: A}}, {@code !GetAtt A.B} becomes {@code {Fn::GetAtt: [A, B]}}. Duplicate keys are refused.
 */
final class YamlDocument {
  private YamlDocument() {}

  /** The document in {@code file}, which must be a mapping. */
  static Map<String, Object> read(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      return Tree.map(new Yaml(new ShortForms(options)).load(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class ShortForms extends SafeConstructor {
    ShortForms(LoaderOptions options) {
      super(options);
      yamlMultiConstructors.put(
          "!",
          new AbstractConstruct() {
            @Override
            public Object construct(Node node) {
              return longForm(node.getTag().getValue().substring(1), node);
            }
          });
    }

    private Map<String, Object> longForm(String name, Node node) {
      Object argument =
          switch (node) {
            case ScalarNode scalar -> constructScalar(scalar);
            case SequenceNode sequence -> constructSequence(sequence);
            case MappingNode mapping -> constructMapping(mapping);
            default -> throw new IllegalArgumentException("unexpected node after !" + name);
          };
      return switch (name) {
        case "Ref", "Condition" -> Map.of(name, argument);
        case "GetAtt" -> Map.of("Fn::GetAtt", List.of(argument.toString().split("\\.", 2)));
        default -> Map.of("Fn::" + name, argument);
      };
    }
  }
}
