package io.agentvault.totp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Reads a table of {@code vectors/totp}: one case a line, columns parted by {@code |}, comments
 * after {@code #} at the start of a line, {@code \t \n \r} and {@code \\uXXXX} as escapes. Escapes
 * are read after the trimming, so that they can stand for outer spaces.
 */
final class Vectors {
  private static final Pattern CODE_UNIT = Pattern.compile("\\\\u([0-9a-fA-F]{4})");

  private Vectors() {}

  static List<List<String>> read(String name, int columns) {
    List<List<String>> rows =
        text("/vectors/totp/" + name)
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(Vectors::columns)
            .toList();
    for (List<String> row : rows) {
      if (row.size() != columns) {
        throw new IllegalStateException(name + ": not " + columns + " columns: " + row);
      }
    }
    if (rows.isEmpty()) {
      throw new IllegalStateException(name + " has no cases");
    }
    return rows;
  }

  private static List<String> columns(String line) {
    return Arrays.stream(line.split("\\|", -1)).map(String::strip).map(Vectors::unescaped).toList();
  }

  private static String unescaped(String text) {
    return CODE_UNIT
        .matcher(text.replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r"))
        .replaceAll(unit -> String.valueOf((char) Integer.parseInt(unit.group(1), 16)));
  }

  private static String text(String resource) {
    try (InputStream in =
        Objects.requireNonNull(Vectors.class.getResourceAsStream(resource), resource)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
