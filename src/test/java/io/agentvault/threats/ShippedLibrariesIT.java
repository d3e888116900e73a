package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/**
 * What ships is what was looked at: every library of the package, with its version, stands in a
 * checked-in list. A new one, and a new version of one, is a change of that list, to be reviewed.
 */
final class ShippedLibrariesIT {
  private static final Path LIST = Path.of("src/test/resources/threats/shipped-libraries.txt");

  @Test
  void everyLibraryOfThePackageIsOnTheList() throws IOException {
    assertThat(shipped()).isEqualTo(new TreeSet<>(Files.readAllLines(LIST)));
  }

  @Test
  void nothingOfTheTestsShips() throws IOException {
    assertThat(shipped())
        .noneMatch(
            name -> name.matches(".*(junit|assertj|jqwik|testcontainers|archunit|jazzer).*"));
  }

  private static Set<String> shipped() throws IOException {
    Set<String> names = new TreeSet<>();
    try (ZipInputStream zip =
        new ZipInputStream(
            new BufferedInputStream(Files.newInputStream(Path.of("target/function.zip"))))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().startsWith("lib/") && entry.getName().endsWith(".jar")) {
          names.add(entry.getName().substring("lib/".length()));
        }
      }
    }
    return names;
  }
}
