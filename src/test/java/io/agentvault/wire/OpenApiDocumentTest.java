package io.agentvault.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.wire.CredentialSamples.Sample;
import io.agentvault.wire.OpenApiDocument.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The document keeps its own rules, and its schemas can say no. */
class OpenApiDocumentTest {
  private final OpenApiDocument document = OpenApiDocument.load();

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> dangling = new ArrayList<>();
    walk(
        document.root(),
        node -> {
          String reference = node.path("$ref").asText("");
          if (!reference.isEmpty() && document.root().at(reference.substring(1)).isMissingNode()) {
            dangling.add(reference);
          }
        });
    assertThat(dangling).isEmpty();
  }

  @Test
  void everyExampleIsValid() {
    List<String> checked = new ArrayList<>();
    walkWithPointer("", document.root(), (pointer, node) -> checkExamples(pointer, node, checked));
    assertThat(checked).hasSizeGreaterThan(20).allSatisfy(it -> assertThat(it).endsWith(": []"));
  }

  @Test
  void everyErrorResponseNamesItsOwnCodeAndStatus() throws IOException {
    JsonNode wrong =
        new ObjectMapper()
            .readTree("{\"error\":\"x\",\"message\":\"m\",\"status\":299,\"requestId\":\"r\"}");
    for (Operation operation : document.operations()) {
      for (int status : document.jsonStatuses(operation)) {
        assertThat(document.responseViolations(operation, status, wrong))
            .as("%s %s", operation.id(), status)
            .isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aStoreRequestNeedsEveryFieldThatItsTypeRequires(Sample sample) {
    Operation store = document.operation("store");
    assertThat(document.requestViolations(store, sample.body())).isEmpty();
    for (String field : sample.required()) {
      assertThat(document.requestViolations(store, sample.without(field)))
          .as("without %s", field)
          .isNotEmpty();
    }
  }

  static List<Sample> samples() {
    return CredentialSamples.load();
  }

  private void checkExamples(String pointer, JsonNode node, List<String> checked) {
    if (!node.has("schema")) {
      return;
    }
    List<JsonNode> examples = new ArrayList<>();
    if (node.has("example")) {
      examples.add(node.get("example"));
    }
    node.path("examples").forEach(example -> examples.add(example.get("value")));
    for (JsonNode example : examples) {
      checked.add(pointer + ": " + document.violations(pointer + "/schema", example));
    }
  }

  private static void walk(JsonNode node, Consumer<JsonNode> visitor) {
    walkWithPointer("", node, (pointer, found) -> visitor.accept(found));
  }

  private static void walkWithPointer(
      String pointer, JsonNode node, BiConsumer<String, JsonNode> visitor) {
    visitor.accept(pointer, node);
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String name = entry.getKey().replace("~", "~0").replace("/", "~1");
      walkWithPointer(pointer + "/" + name, entry.getValue(), visitor);
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      walkWithPointer(pointer + "/" + i, node.get(i), visitor);
    }
  }
}
