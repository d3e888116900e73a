package io.agentvault.handin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What of others these tests use where it is installed; where not, they say so and skip. */
public final class Tools {
  private Tools() {}

  /** A program of the path. */
  public static Path program(String name, String debian) {
    Optional<Path> found =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
            .map(directory -> Path.of(directory, name))
            .filter(Files::isExecutable)
            .findFirst();
    return found.orElseGet(() -> skip(name + " is not on the PATH (Debian: " + debian + ")"));
  }

  /**
   * The directory of npm packages, outside this repository: {@code VAULT_NODE_MODULES}, else {@code
   * ~/.cache/agent-vault/node_modules}.
   */
  public static Path nodeModules(String needed) {
    String named = System.getenv("VAULT_NODE_MODULES");
    Path directory =
        named == null
            ? Path.of(System.getProperty("user.home"), ".cache/agent-vault/node_modules")
            : Path.of(named);
    return Files.isDirectory(directory.resolve(needed))
        ? directory
        : skip(
            needed
                + " is not in "
                + directory
                + " (npm install --prefix "
                + directory.getParent()
                + " "
                + needed
                + ")");
  }

  /**
   * A Python that has that package, outside this repository: {@code VAULT_PYTHON}, else {@code
   * ~/.cache/agent-vault/python/bin/python}.
   */
  public static Path python(String needed) {
    String named = System.getenv("VAULT_PYTHON");
    Path environment = Path.of(System.getProperty("user.home"), ".cache/agent-vault/python");
    Path python = named == null ? environment.resolve("bin/python") : Path.of(named);
    return Files.isExecutable(python)
        ? python
        : skip(
            needed
                + " is not in "
                + environment
                + " (python3 -m venv "
                + environment
                + "; its bin/pip install openai anthropic stripe requests)");
  }

  /** Where {@code scripts/mcp-clients} installed that program. */
  static Path mcp(String name) {
    String named = System.getenv("VAULT_MCP_CLIENTS");
    Path directory =
        (named == null
                ? Path.of(System.getProperty("user.home"), ".cache/agent-vault/mcp")
                : Path.of(named))
            .resolve(name);
    return Files.exists(directory.resolve("installed"))
        ? directory
        : skip(name + " is not in " + directory + " (scripts/mcp-clients " + name + ")");
  }

  /** Ends the test as not run; never returns. */
  @SuppressWarnings("SystemOut") // a test that did not run is to be heard of
  public static Path skip(String reason) {
    System.out.println("SKIPPED: " + reason);
    Assumptions.abort(reason);
    throw new AssertionError(reason);
  }
}
