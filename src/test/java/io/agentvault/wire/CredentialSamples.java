package io.agentvault.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One credential of each form that a type can take, from a file. */
final class CredentialSamples {
  private static final Path FILE = Path.of("src/test/resources/wire/credentials.json");

  private CredentialSamples() {}

  static List<Sample> load() {
    try {
      List<Sample> samples = new ArrayList<>();
      for (JsonNode node : new ObjectMapper().readTree(FILE.toFile())) {
        List<String> required = new ArrayList<>();
        node.get("required").forEach(field -> required.add(field.asText()));
        samples.add(new Sample(node.get("form").asText(), (ObjectNode) node.get("body"), required));
      }
      return samples;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param name the type, and which of its forms
   * @param body of a store request
   * @param required the fields of {@code data} without which it is not this type
   */
  record Sample(String name, ObjectNode body, List<String> required) {
    /** The body with a field of its data left out. */
    ObjectNode without(String field) {
      ObjectNode copy = body.deepCopy();
      ((ObjectNode) copy.get("data")).remove(field);
      return copy;
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
