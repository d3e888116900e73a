package io.agentvault.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code infra/openapi.yaml} as the tests use it: its operations, and verdicts by its schemas. */
final class OpenApiDocument {
  private static final Path FILE = Path.of("infra", "openapi.yaml");
  private static final String IRI = "https://agentvault.example/openapi.json";
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
  private static final String JSON_CONTENT = "/content/application~1json/schema";

  private final JsonNode root;
  private final JsonSchemaFactory schemas;
  private final SchemaValidatorsConfig config =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
  private final Map<String, Operation> operations = new LinkedHashMap<>();

  private OpenApiDocument(JsonNode root) {
    this.root = root;
    String text = root.toString();
    this.schemas =
        JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(IRI, text))));
    root.get("paths").properties().forEach(path -> readPath(path.getKey(), path.getValue()));
  }

  static OpenApiDocument load() {
    try {
      return new OpenApiDocument(new ObjectMapper(new YAMLFactory()).readTree(FILE.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The document itself. */
  JsonNode root() {
    return root;
  }

  List<Operation> operations() {
    return List.copyOf(operations.values());
  }

  /**
   * The operations of which each documented answer has a row in the contract's table. What the
   * proxy answers is an upstream's, what {@code /mcp} answers is JSON-RPC, the page is HTML, and
   * the signing keys are everybody's: these have tests of their own.
   */
  List<Operation> tabled() {
    return operations().stream()
        .filter(each -> !Set.of("proxy", "mcp", "depositPage", "signingKeys").contains(each.id()))
        .toList();
  }

  Operation operation(String id) {
    return Optional.ofNullable(operations.get(id))
        .orElseThrow(() -> new IllegalArgumentException("no operation " + id));
  }

  /** What is wrong with the body of a request; nothing if the contract allows it. */
  List<String> requestViolations(Operation operation, JsonNode body) {
    return violations(operation.pointer() + "/requestBody" + JSON_CONTENT, body);
  }

  /** What is wrong with an answer; a status that is not documented is a violation. */
  List<String> responseViolations(Operation operation, int status, JsonNode body) {
    if (!operation.statuses().contains(status)) {
      return List.of(operation.id() + " does not document " + status);
    }
    return violations(responsePointer(operation, status) + JSON_CONTENT, body);
  }

  /** The statuses whose answers are JSON of a shape of ours. */
  List<Integer> jsonStatuses(Operation operation) {
    return operation.statuses().stream()
        .filter(status -> !operation.anyMethod())
        .filter(
            status -> !root.at(responsePointer(operation, status) + JSON_CONTENT).isMissingNode())
        .toList();
  }

  /** The headers that an answer must have, by their names in lower case. */
  Set<String> requiredHeaders(Operation operation, int status) {
    Set<String> names = new TreeSet<>();
    root.at(responsePointer(operation, status) + "/headers")
        .properties()
        .forEach(header -> names.add(header.getKey().toLowerCase(Locale.ROOT)));
    return names;
  }

  /** What is wrong with {@code value} by the schema at a JSON pointer into the document. */
  List<String> violations(String pointer, JsonNode value) {
    if (root.at(pointer).isMissingNode()) {
      throw new IllegalArgumentException("no schema at " + pointer);
    }
    return schemas
        .getSchema(SchemaLocation.of(IRI + "#" + pointer), config)
        .validate(value)
        .stream()
        .map(ValidationMessage::toString)
        .sorted()
        .toList();
  }

  private String responsePointer(Operation operation, int status) {
    String pointer = operation.pointer() + "/responses/" + status;
    JsonNode reference = root.at(pointer).path("$ref");
    return reference.isTextual() ? reference.asText().substring(1) : pointer;
  }

  private void readPath(String path, JsonNode item) {
    item.properties().stream()
        .filter(entry -> METHODS.contains(entry.getKey()))
        .forEach(entry -> readOperation(path, entry.getKey(), entry.getValue()));
  }

  private void readOperation(String path, String method, JsonNode node) {
    Set<Integer> statuses = new TreeSet<>();
    node.get("responses")
        .fieldNames()
        .forEachRemaining(
            status -> {
              if (!status.equals("default")) { // an upstream's own
                statuses.add(Integer.valueOf(status));
              }
            });
    List<String> scopes = new ArrayList<>();
    node.get("security")
        .forEach(way -> way.forEach(roles -> roles.forEach(role -> scopes.add(role.asText()))));
    JsonNode direct = node.get("x-direct-invocation");
    Set<Integer> directStatuses = new TreeSet<>(statuses);
    direct.path("alsoFails").forEach(status -> directStatuses.add(status.asInt()));
    Operation operation =
        new Operation(
            node.get("operationId").asText(),
            method.toUpperCase(Locale.ROOT),
            path,
            direct.get("function").asText(),
            direct.get("action").asText(),
            List.copyOf(scopes),
            Set.copyOf(statuses),
            Set.copyOf(directStatuses),
            node.path("x-any-method").asBoolean(),
            direct.path("possible").asBoolean(true));
    if (operations.put(operation.id(), operation) != null) {
      throw new IllegalStateException("two operations " + operation.id());
    }
  }

  /**
   * One call of the contract.
   *
   * @param id its operationId
   * @param path with parameters in braces
   * @param function who answers it
   * @param action its name in a direct invocation
   * @param permissions scopes or groups, any one of which is enough
   * @param statuses every one documented of HTTP
   * @param directStatuses those and what only a direct invocation can be answered
   * @param anyMethod whether every other method is answered too
   * @param isDirect whether it can be invoked directly
   */
  record Operation(
      String id,
      String method,
      String path,
      String function,
      String action,
      List<String> permissions,
      Set<Integer> statuses,
      Set<Integer> directStatuses,
      boolean anyMethod,
      boolean isDirect) {

    Set<Integer> statuses(Way way) {
      return way == Way.HTTP ? statuses : directStatuses;
    }

    String pointer() {
      return "/paths/" + path.replace("~", "~0").replace("/", "~1") + "/" + methodName();
    }

    int successStatus() {
      return statuses.stream().filter(status -> status < 300).findFirst().orElseThrow();
    }

    private String methodName() {
      return method.toLowerCase(Locale.ROOT);
    }
  }
}
