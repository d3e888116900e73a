package io.agentvault.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What {@code scripts/bench} runs. */
public final class Bench {
  private static final Path RESULTS = Path.of("target/bench/results.json");

  private Bench() {}

  /** A section of the bench. */
  private interface Section {
    void run() throws IOException, InterruptedException;
  }

  /** Arguments as in {@link Settings}; ends with 0 whatever the figures are. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Settings settings = Settings.parse(arguments);
    Contestants contestants = new Contestants(settings);
    Report report = new Report(System.out);
    for (Map.Entry<String, Section> section : sections(settings, contestants, report).entrySet()) {
      if (settings.wants(section.getKey())) {
        System.out.println(section.getKey());
        section.getValue().run();
      }
    }
    report.print();
    report.write(RESULTS, about(settings));
    System.out.println("\nThe same as JSON: " + RESULTS);
  }

  private static Map<String, Section> sections(
      Settings settings, Contestants contestants, Report report) {
    Map<String, Section> sections = new LinkedHashMap<>();
    sections.put("size", () -> Sizes.run(settings, report));
    sections.put("trips", () -> new RoundTripCounts(contestants, report).run());
    sections.put("cold", () -> new ColdStart(settings, contestants, report).run());
    sections.put("tls", () -> new OverTls(settings, contestants, report).run());
    sections.put("warm", () -> new WarmCalls(settings, contestants, report).run());
    sections.put("records", () -> new RecordModes(settings, contestants, report).run());
    sections.put("use", () -> uses(settings, contestants, report));
    sections.put("mcp", () -> new OverMcp(settings, contestants, report).run());
    sections.put("memory", () -> new MemoryUse(settings, contestants, report).run());
    sections.put("revoke", () -> new Revocations(settings, contestants, report).run());
    sections.put("growth", () -> new Growth(settings, contestants, report).run());
    sections.put("load", () -> new LoadRun(settings, contestants, report).run());
    return sections;
  }

  private static void uses(Settings settings, Contestants contestants, Report report)
      throws InterruptedException {
    try (Uses uses = new Uses(settings, contestants, report)) {
      uses.run();
    }
  }

  private static Map<String, String> about(Settings settings) throws IOException {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("vault", settings.vault().toString());
    about.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    about.put("java", Runtime.version().toString());
    about.put("architecture", System.getProperty("os.arch"));
    about.put("quick", Boolean.toString(settings.quick()));
    Path load = Path.of("/proc/loadavg");
    if (Files.exists(load)) {
      about.put("loadAtTheEnd", Files.readString(load).strip().toLowerCase(Locale.ROOT));
    }
    return about;
  }
}
