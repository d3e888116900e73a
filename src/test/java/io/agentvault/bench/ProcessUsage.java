package io.agentvault.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What Linux says about a process: {@code proc(5)}. */
final class ProcessUsage {
  private ProcessUsage() {}

  /** CPU time so far of the threads it has now, in milliseconds, exact to the scheduler. */
  static double cpuMilliseconds(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return threads
              .map(thread -> read(thread.resolve("schedstat")))
              .mapToLong(stat -> Long.parseLong(stat.substring(0, stat.indexOf(' '))))
              .sum()
          / 1e6;
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " has ended", e);
    }
  }

  /** Resident memory in MB of 1024 * 1024 bytes. */
  static double residentMegabytes(long pid) {
    return read(Path.of("/proc", Long.toString(pid), "status"))
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToDouble(kilobytes -> Long.parseLong(kilobytes) / 1024.0)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("process " + pid + " has ended"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
