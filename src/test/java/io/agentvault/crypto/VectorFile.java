package io.agentvault.crypto;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A scenario in a file: a line a field, {@code name: value}; what begins with # says why. */
public record VectorFile(String name, Map<String, String> fields) {
  /** Those of a folder below {@code vectors}, by name. */
  public static List<VectorFile> in(String folder) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/vectors", folder))) {
      return files.sorted().map(VectorFile::read).toList();
    }
  }

  private static VectorFile read(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return new VectorFile(
          String.valueOf(file.getFileName()),
          lines
              .filter(line -> !line.startsWith("#"))
              .map(line -> line.split(":", 2))
              .collect(toMap(parts -> parts[0], parts -> parts[1].strip())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String text(String field) {
    return Objects.requireNonNull(fields.get(field), field);
  }

  public byte[] bytes(String field) {
    return HexFormat.of().parseHex(text(field));
  }

  public Secret dataKey() {
    return Secret.of(bytes("data-key"));
  }

  @Override
  public String toString() {
    return name;
  }
}
