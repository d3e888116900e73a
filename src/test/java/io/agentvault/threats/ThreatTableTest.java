package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of threats keeps its word: every test it names is there. */
final class ThreatTableTest {
  private static final Path DOCUMENT = Path.of("infra/SECURITY.md");
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)]\\(([^)#]+)\\)");
  private static final Pattern METHOD = Pattern.compile("`(\\w+(?:IT|Test))\\.(\\w+)`");
  private static final int COLUMNS = 3;

  private static List<String> lines() throws IOException {
    return Files.readAllLines(DOCUMENT);
  }

  /** The rows of the threats' tables, each as its cells. */
  private static List<String[]> rows() throws IOException {
    List<String> lines = lines();
    int from = lines.indexOf("## Threats");
    int to = lines.indexOf("## Accepted, and why");
    assertThat(from).isPositive();
    assertThat(to).isGreaterThan(from);
    return lines.subList(from, to).stream()
        .filter(line -> line.startsWith("| "))
        .filter(line -> !line.startsWith("| threat"))
        .map(line -> line.substring(1, line.length() - 1).split("\\|", -1))
        .toList();
  }

  @Test
  void everyRowNamesAThreatAControlAndATestThatExists() throws IOException {
    assertThat(rows()).hasSizeGreaterThan(20);
    for (String[] row : rows()) {
      assertThat(row).as(row[0]).hasSize(COLUMNS);
      assertThat(row[0].strip()).isNotEmpty();
      assertThat(row[1].strip()).as(row[0]).isNotEmpty();
      List<String> tests = new ArrayList<>();
      Matcher link = LINK.matcher(row[2]);
      while (link.find()) {
        tests.add(link.group(1));
        Path file = DOCUMENT.resolveSibling(link.group(2)).normalize();
        assertThat(file).as(row[0]).isRegularFile();
        String name = file.getFileName().toString();
        assertThat(name).as(row[0]).isEqualTo(link.group(1) + ".java");
        assertThat(Files.readString(file))
            .as(name)
            .contains("class " + link.group(1))
            .contains("@");
      }
      assertThat(tests).as(row[0]).isNotEmpty();
    }
  }

  @Test
  void everyTestMethodNamedInTheTextExists() throws IOException {
    List<String> missing = new ArrayList<>();
    Matcher method = METHOD.matcher(String.join("\n", lines()));
    int named = 0;
    while (method.find()) {
      named++;
      Path file = Path.of("src/test/java/io/agentvault/threats").resolve(method.group(1) + ".java");
      if (!Files.exists(file)
          || !Files.readString(file).contains("void " + method.group(2) + "()")) {
        missing.add(method.group());
      }
    }
    assertThat(named).isPositive();
    assertThat(missing).isEmpty();
  }

  @Test
  void everyLinkOfTheDocumentLeadsSomewhere() throws IOException {
    for (String line : lines()) {
      Matcher link = LINK.matcher(line);
      while (link.find()) {
        if (!link.group(2).contains("://")) {
          assertThat(DOCUMENT.resolveSibling(link.group(2)).normalize()).as(line).exists();
        }
      }
    }
  }
}
