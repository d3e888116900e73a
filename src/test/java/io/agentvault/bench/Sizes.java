package io.agentvault.bench;

import io.agentvault.bench.Report.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much is uploaded and mapped. */
final class Sizes {
  private static final String SECTION = "size";
  private static final double MOST_ZIP_MEGABYTES = 17;

  private Sizes() {}

  static void run(Settings settings, Report report) throws IOException {
    Path vault = settings.vault();
    if (settings.jvm().isPresent()) {
      report.measured(SECTION, "native executable", megabytes(vault), "MB", 1);
      report.measured(SECTION, "floor's executable", megabytes(settings.floor()), "MB", 1);
      report.measured(SECTION, "JVM function.zip", megabytes(settings.jvm().get()), "MB", 1);
      report.judged(
          SECTION,
          "native function.zip",
          megabytes(vault.resolveSibling("function.zip")),
          "MB",
          Target.atMost(MOST_ZIP_MEGABYTES));
    } else {
      report.judged(
          SECTION, "function.zip", megabytes(vault), "MB", Target.atMost(MOST_ZIP_MEGABYTES));
    }
  }

  /** MB of 1,000,000 bytes. */
  private static Samples megabytes(Path file) throws IOException {
    return Samples.of(List.of(Files.size(file) / 1e6));
  }
}
