package io.agentvault.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says about a process: {@code proc(5)}. */
final class ProcessUsage {
  private static final int SCHEDULER_CLOCK = 2;
  private static final MethodHandle CLOCK_GETTIME =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));

  private ProcessUsage() {}

  /**
   * CPU time so far in milliseconds, with that of threads that have ended, exact to the scheduler:
   * {@code clock_getcpuclockid(3)}.
   */
  static double cpuMilliseconds(long pid) {
    int clock = (int) (~pid << 3 | SCHEDULER_CLOCK);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(JAVA_LONG, 2);
      if ((int) CLOCK_GETTIME.invokeExact(clock, time) != 0) {
        throw new IllegalStateException("process " + pid + " has ended");
      }
      return time.getAtIndex(JAVA_LONG, 0) * 1e3 + time.getAtIndex(JAVA_LONG, 1) / 1e6;
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("this libc has no clock_gettime", e);
    }
  }

  /** Page faults so far that needed no disk. */
  static double pageFaults(long pid) {
    String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
    // behind the name, which may hold anything, the eighth field
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[7]);
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
