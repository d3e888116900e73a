package io.agentvault.local.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * An AOT cache for JVM instances, of classes loaded and linked: made once per artifact by an
 * instance that handles some events and exits, it takes more than half off the CPU time of every
 * later start. Whether it is there changes how fast functions start and nothing else.
 */
public final class ClassArchive {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path file;

  public ClassArchive(Path directory) {
    this.file = directory.resolve("classes.aot");
  }

  /**
   * JVM arguments that use the archive; none if it is not there. What it knows of how often methods
   * were called is left aside: compiling them at once costs an instance of a few calls more than it
   * saves.
   */
  public List<String> use() {
    return Files.exists(file)
        ? List.of(
            "-XX:AOTCache=" + file,
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-AOTReplayTraining",
            "-Xlog:cds=off",
            "-Xlog:aot=off")
        : List.of();
  }

  /**
   * Makes the archive, unless it is there.
   *
   * @param starter starts a function whose instances get these JVM arguments
   * @param events what changes nothing and uses as much of the function as it can
   */
  public void train(Function<List<String>, LambdaFunction> starter, List<byte[]> events) {
    if (Files.exists(file)) {
      return;
    }
    // Two clouds may train at once, each into a file of its own; the last to rename wins.
    Path fresh = file.resolveSibling("classes-" + ProcessHandle.current().pid() + ".tmp");
    List<String> arguments =
        List.of("-XX:AOTCacheOutput=" + fresh, "-Xlog:cds=off", "-Xlog:aot=off");
    try (LambdaFunction function = starter.apply(arguments)) {
      for (byte[] event : events) {
        function.invoke(event);
      }
      for (FunctionInstance instance : function.instances()) {
        instance.retire(PATIENCE);
      }
      if (Files.exists(fresh)) {
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
