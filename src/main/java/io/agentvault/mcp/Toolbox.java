package io.agentvault.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** What clients are told of the tools: read once, from {@code tools.json}. */
final class Toolbox {
  private static final String RESOURCE = "tools.json";

  private final Map<Tool, JsonNode> definitions = new EnumMap<>(Tool.class);

  Toolbox(ObjectMapper json) {
    JsonNode all = read(json);
    for (Tool tool : Tool.values()) {
      ObjectNode definition = json.createObjectNode().put("name", tool.wireName());
      definition.setAll((ObjectNode) all.required(tool.wireName()));
      definitions.put(tool, definition);
    }
  }

  private static JsonNode read(ObjectMapper json) {
    try (InputStream stream = Toolbox.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException(RESOURCE + " is not in this build");
      }
      return json.readTree(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts the tools that these scopes allow into {@code tools}, always in the same order. */
  void list(Set<String> scopes, ArrayNode tools) {
    definitions.forEach(
        (tool, definition) -> {
          if (tool.isFor(scopes)) {
            tools.add(definition);
          }
        });
  }
}
