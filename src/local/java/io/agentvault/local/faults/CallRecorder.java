package io.agentvault.local.faults;

import io.agentvault.local.host.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes down each <em>shape</em> of request that functions make: what it asks for, by which names,
 * in which kind of partition, and none of the values. A shape seen before costs nothing but memory,
 * and there are a few dozen.
 */
public final class CallRecorder {
  /** Where the black-box tests leave the calls of a whole run, one file for each process. */
  public static final Path OF_THE_TEST_RUN = Path.of("target", "recorded-calls");

  private static final Set<String> NEVER_THE_SAME =
      Set.of("ClientRequestToken", "ExclusiveStartKey", "Limit");

  /** Wrapped keys, and digests of what is signed. */
  private static final Set<String> BYTES = Set.of("CiphertextBlob", "Message");

  private final Path file;
  private final Set<String> shapes = new LinkedHashSet<>();

  private CallRecorder(Path file) {
    this.file = file;
  }

  /** A recorder that begins the file anew. */
  public static CallRecorder into(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new CallRecorder(file);
  }

  /**
   * The one recorder of a process, however many local clouds it starts; {@code RecordedCallsIT}
   * reads the files of all processes at the end.
   */
  public static CallRecorder ofTheTestRun() {
    return TestRun.RECORDER;
  }

  private static final class TestRun {
    private static final CallRecorder RECORDER =
        into(OF_THE_TEST_RUN.resolve(System.getProperty("vault.fork", "process") + ".json"));
  }

  /**
   * @param function {@code vault}, {@code identity} or {@code reaper}; others are not recorded
   * @param service {@code dynamodb} or {@code kms}
   * @param operation such as {@code GetItem}
   * @param request the body of the request
   */
  public synchronized void accept(
      String function, String service, String operation, JsonObject request) {
    if (function.isEmpty()) {
      return;
    }
    JsonObject call =
        Json.object()
            .add("function", function)
            .add("service", service)
            .add("operation", operation)
            .add("request", shape(request))
            .build();
    if (shapes.add(call.toString())) {
      try {
        Files.writeString(file, call + "\n", StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static JsonObject shape(JsonObject object) {
    JsonObjectBuilder shape = Json.object();
    new TreeMap<>(object)
        .forEach(
            (name, value) -> {
              if (!NEVER_THE_SAME.contains(name)) {
                shape.add(name, shape(name, value));
              }
            });
    return shape.build();
  }

  private static JsonValue shape(String name, JsonValue value) {
    return switch (value) {
      case JsonObject object when isValue(object) -> bare(object);
      case JsonObject object when name.equals("EncryptionContext") -> blank(object);
      case JsonObject object -> shape(object);
      case JsonArray array -> distinct(array);
      case JsonString text when BYTES.contains(name) -> Json.value("");
      default -> value;
    };
  }

  /** An attribute value of DynamoDB: one member, named for its type. */
  private static boolean isValue(JsonObject object) {
    return object.size() == 1
        && List.of("S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS")
            .contains(object.keySet().iterator().next());
  }

  /** The type alone, and of a text the prefix that says which kind of key it is. */
  private static JsonObject bare(JsonObject value) {
    String type = value.keySet().iterator().next();
    String text = type.equals("S") ? value.getString("S") : "";
    return Json.object().add(type, text.substring(0, text.indexOf('#') + 1)).build();
  }

  private static JsonObject blank(JsonObject object) {
    JsonObjectBuilder blank = Json.object();
    object.keySet().stream().sorted().forEach(name -> blank.add(name, ""));
    return blank.build();
  }

  private static JsonArray distinct(JsonArray array) {
    JsonArrayBuilder distinct = Json.array();
    array.stream().map(item -> shape("", item)).distinct().forEach(distinct::add);
    return distinct.build();
  }
}
