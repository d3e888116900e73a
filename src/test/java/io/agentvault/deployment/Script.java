package io.agentvault.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs one of our scripts as a user does, in an environment of the test's choosing.
 *
 * @param name of the script
 * @param checkout the directory that holds {@code scripts/}
 * @param environment all of it
 */
record Script(String name, Path checkout, Map<String, String> environment) {

  static Script named(String name) {
    return new Script(
        name,
        Path.of("").toAbsolutePath(),
        Map.of("PATH", System.getenv("PATH"), "HOME", "/nonexistent", "LC_ALL", "C"));
  }

  /** The same script, in another checkout. */
  Script in(Path otherCheckout) {
    return new Script(name, otherCheckout, environment);
  }

  Script with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Script(name, checkout, more);
  }

  Result run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("/bin/bash", "scripts/" + name));
    command.addAll(List.of(arguments));
    try {
      Path errors = Files.createTempFile("script", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(checkout.toFile()).redirectError(errors.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(name + " does not end");
      }
      String error = Files.readString(errors);
      Files.delete(errors);
      return new Result(process.exitValue(), output, error);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * How it ended.
   *
   * @param status exit status
   * @param output what it printed
   * @param error what it printed on standard error
   */
  record Result(int status, String output, String error) {}
}
