package io.agentvault.deployment;

import io.agentvault.local.host.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The requests that functions made, one JSON object a line: {@code {"function": "vault", "service":
 * "dynamodb", "operation": "GetItem", "request": {...}}}. Values other than keys, names and
 * expressions may be left out by whoever records; repeated lines may be, too.
 */
final class RecordedCalls {
  /**
   * The calls of each operation, written down one by one, with the shape that the code gives them.
   */
  static final Path DOCUMENTED = Path.of("src/test/resources/deployment/calls.jsonl");

  private RecordedCalls() {}

  static List<RemoteCall> read(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> !line.isBlank()).map(RecordedCalls::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RemoteCall parse(String line) {
    JsonObject call = Json.read(line);
    return new RemoteCall(
        call.getString("function"),
        call.getString("service"),
        call.getString("operation"),
        call.getJsonObject("request"));
  }
}
