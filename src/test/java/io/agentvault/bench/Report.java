package io.agentvault.bench;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonWriterFactory;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The one table, and the same figures as JSON. */
final class Report {
  private record Row(String section, String what, String figure, String target, String verdict) {}

  private final List<Row> rows = new ArrayList<>();
  private final JsonArrayBuilder results = Json.createArrayBuilder();
  private final PrintStream console;

  Report(PrintStream console) {
    this.console = console;
  }

  /** A figure without a target: a count, or a size, in words. */
  void fact(String section, String what, String figure) {
    row(new Row(section, what, figure, "", ""));
    results.add(result(section, what).add("figure", figure));
  }

  /** Several runs of one measurement. */
  void measured(String section, String what, Samples samples, String unit, int decimals) {
    row(new Row(section, what, samples.text(decimals) + " " + unit, "", ""));
    results.add(result(section, what).add("unit", unit).add("samples", json(samples)));
  }

  /** A measurement whose median is to be at most, or at least, something. */
  void judged(String section, String what, Samples samples, String unit, Target target) {
    boolean met = target.isMetBy(samples.median());
    row(
        new Row(
            section,
            what,
            samples.text(2) + " " + unit,
            target.text() + " " + unit,
            met ? "met" : "NOT MET"));
    results.add(
        result(section, what)
            .add("unit", unit)
            .add("samples", json(samples))
            .add("target", target.text())
            .add("met", met));
  }

  private static JsonObjectBuilder result(String section, String what) {
    return Json.createObjectBuilder().add("section", section).add("what", what);
  }

  private static JsonObjectBuilder json(Samples samples) {
    return Json.createObjectBuilder()
        .add("count", samples.count())
        .add("median", samples.median())
        .add("least", samples.least())
        .add("most", samples.most());
  }

  /** Shown as it comes, so that a long run is not silent; the table follows at the end. */
  private void row(Row row) {
    rows.add(row);
    console.println("  " + row.what() + ": " + row.figure() + " " + row.verdict());
  }

  void print() {
    int what = rows.stream().mapToInt(row -> row.what().length()).max().orElse(10);
    int figure = rows.stream().mapToInt(row -> row.figure().length()).max().orElse(10);
    String format = "%-9s  %-" + what + "s  %-" + figure + "s  %-11s  %s%n";
    console.println();
    console.printf(Locale.ROOT, format, "section", "what", "median (range)", "target", "verdict");
    for (Row row : rows) {
      console.printf(
          Locale.ROOT,
          format,
          row.section(),
          row.what(),
          row.figure(),
          row.target(),
          row.verdict());
    }
  }

  void write(Path file, Map<String, String> about) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    JsonObjectBuilder machine = Json.createObjectBuilder();
    about.forEach(machine::add);
    JsonWriterFactory pretty =
        Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true));
    try (OutputStream out = Files.newOutputStream(file)) {
      pretty
          .createWriter(out)
          .writeObject(
              Json.createObjectBuilder().add("about", machine).add("results", results).build());
    }
  }

  /** A bound on a median. */
  record Target(boolean atMost, double bound) {
    static Target atMost(double bound) {
      return new Target(true, bound);
    }

    static Target atLeast(double bound) {
      return new Target(false, bound);
    }

    boolean isMetBy(double value) {
      return atMost ? value <= bound : value >= bound;
    }

    String text() {
      return String.format(Locale.ROOT, "%s %.4g", atMost ? "<=" : ">=", bound);
    }
  }
}
