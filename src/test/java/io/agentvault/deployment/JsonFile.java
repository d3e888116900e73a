package io.agentvault.deployment;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A JSON file as the same kind of tree that YAML gives. */
final class JsonFile {
  private JsonFile() {}

  static Map<String, Object> read(Path file) {
    try (JsonReader reader = Json.createReader(Files.newBufferedReader(file))) {
      return Tree.map(tree(reader.readObject()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same for a policy of ours, with its placeholders filled in for the stack of the tests. */
  static Map<String, Object> filled(Path policy) {
    try {
      String text =
          Files.readString(policy)
              .replace("REGION", CloudFormation.REGION)
              .replace("ACCOUNT", CloudFormation.ACCOUNT)
              .replace("STAGE", "dev")
              .replaceAll("(VAULT|BROKER|IDENTITY|SCRIBE)_ROLE", "agent-vault-dev-$1Role")
              .replace("VAULTRole", "VaultRole")
              .replace("BROKERRole", "BrokerRole")
              .replace("IDENTITYRole", "IdentityRole")
              .replace("SCRIBERole", "ScribeRole");
      try (JsonReader reader = Json.createReader(new StringReader(text))) {
        return Tree.map(tree(reader.readObject()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object tree(JsonValue value) {
    return switch (value) {
      case JsonObject object -> {
        Map<String, Object> map = new LinkedHashMap<>();
        object.forEach((key, member) -> map.put(key, tree(member)));
        yield map;
      }
      case JsonArray array -> array.stream().map(JsonFile::tree).toList();
      case JsonString text -> text.getString();
      case JsonNumber number -> number.bigDecimalValue();
      default -> value.toString();
    };
  }
}
