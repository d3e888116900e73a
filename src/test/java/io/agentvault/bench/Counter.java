package io.agentvault.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What counts the instructions that a process executes outside the kernel, from start to end. */
enum Counter {
  /** The processor's own counter; most virtual machines have none. */
  PERF("perf stat -x, -e instructions:u -o %s --", "(?m)^(\\d+),[^,]*,instructions:u"),

  /** A simulation, some fifty times as slow, on any machine. */
  CALLGRIND(
      "valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file=%s",
      "Collected : (\\d+)");

  private final String command;
  private final Pattern count;

  Counter(String command, String count) {
    this.command = command;
    this.count = Pattern.compile(count);
  }

  /**
   * What stands before a command so that its count goes to {@code output}; words without blanks.
   */
  String before(Path output) {
    return command.formatted(output);
  }

  /** The count in what was written when the process ended; empty where there is none. */
  OptionalLong read(String output) {
    Matcher found = count.matcher(output);
    return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
  }

  /** Those that count on this machine. */
  static List<Counter> here(Path scratch) throws IOException, InterruptedException {
    List<Counter> here = new ArrayList<>();
    for (Counter counter : values()) {
      if (counter.works(scratch)) {
        here.add(counter);
      }
    }
    return here;
  }

  private boolean works(Path scratch) throws IOException, InterruptedException {
    Files.deleteIfExists(scratch);
    List<String> trial =
        Stream.concat(Stream.of(before(scratch).split(" ")), Stream.of("true")).toList();
    try {
      new ProcessBuilder(trial)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return false; // no such program
    }
    return Files.exists(scratch) && read(Files.readString(scratch)).isPresent();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
