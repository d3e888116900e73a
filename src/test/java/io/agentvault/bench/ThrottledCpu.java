package io.agentvault.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A control group with 0.29 of a CPU, which is what Lambda gives a function of 512 MB (one CPU at
 * 1,769 MB), in periods of 20 ms. Needs root, or a delegated group.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html">Configure
 *     Lambda function memory</a>
 */
final class ThrottledCpu implements AutoCloseable {
  private static final int PERIOD_MICROSECONDS = 20_000;
  private static final int QUOTA_MICROSECONDS = 5_800;
  private static final List<Path> ROOTS =
      List.of(Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup/cpu"));

  private final Path directory;

  private ThrottledCpu(Path directory) {
    this.directory = directory;
  }

  /** Empty where this machine or this user can't make one. */
  static Optional<ThrottledCpu> make() {
    for (Path root : ROOTS) {
      Path directory = root.resolve("agent-vault-bench-" + ProcessHandle.current().pid());
      try {
        Files.createDirectory(directory);
      } catch (IOException e) {
        continue;
      }
      try {
        limit(directory);
        return Optional.of(new ThrottledCpu(directory));
      } catch (IOException e) {
        remove(directory);
      }
    }
    return Optional.empty();
  }

  private static void limit(Path directory) throws IOException {
    Path version2 = directory.resolve("cpu.max");
    if (Files.exists(version2)) {
      Files.writeString(version2, QUOTA_MICROSECONDS + " " + PERIOD_MICROSECONDS);
    } else {
      write(directory.resolve("cpu.cfs_period_us"), PERIOD_MICROSECONDS);
      write(directory.resolve("cpu.cfs_quota_us"), QUOTA_MICROSECONDS);
    }
  }

  private static void write(Path file, int value) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException("no such control: " + file);
    }
    Files.writeString(file, Integer.toString(value));
  }

  /** Where a process writes its id to be throttled. */
  Path members() {
    return directory.resolve("cgroup.procs");
  }

  /** The group must be empty. */
  @Override
  public void close() {
    remove(directory);
  }

  private static void remove(Path directory) {
    try {
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      System.err.println("bench: the control group " + directory + " is left behind");
    }
  }
}
