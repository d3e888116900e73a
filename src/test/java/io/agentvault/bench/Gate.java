package io.agentvault.bench;

import io.agentvault.local.LocalCloud;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;

/**
 * What {@code scripts/bench --gate} runs: counts the instructions of the native executable from its
 * start over one get to its end, and compares them with the committed figure. What else the machine
 * does then does not show in them.
 */
public final class Gate {
  static final Path COMMITTED = Path.of("src/test/resources/bench/instructions.properties");

  private static final int STARTS = 5;
  private static final int WITHIN = 0;
  private static final int EXCEEDED = 1;
  private static final int UNDECIDED = 2;

  private final Path executable;
  private final Path output;

  private Gate(Path executable) throws IOException {
    this.executable = executable;
    Files.createDirectories(Contestants.HOME);
    this.output = Contestants.HOME.toAbsolutePath().resolve("instructions.txt");
  }

  /** Ends with 0 only where the instructions were counted and are within what is committed. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.exit(new Gate(Path.of(arguments[0])).run(Figures.committed()));
  }

  /**
   * What is committed.
   *
   * @param counts by counter and architecture
   * @param tolerance how many times a figure is still within it
   */
  record Figures(Properties counts, double tolerance) {
    static Figures committed() throws IOException {
      Properties all = new Properties();
      try (Reader in = Files.newBufferedReader(COMMITTED)) {
        all.load(in);
      }
      return new Figures(all, Double.parseDouble(all.getProperty("tolerance")));
    }

    static String name(Counter counter) {
      return counter + "." + System.getProperty("os.arch");
    }

    OptionalLong of(Counter counter) {
      String figure = counts.getProperty(name(counter));
      return figure == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(figure));
    }

    boolean allow(long committed, double counted) {
      return counted <= committed * tolerance;
    }
  }

  private int run(Figures committed) throws IOException, InterruptedException {
    List<Counter> here = Counter.here(output);
    if (here.isEmpty()) {
      return undecided(
          "instructions can't be counted here: perf has no counter of them on this machine, and"
              + " there is no valgrind that works; install valgrind");
    }
    Optional<Counter> known =
        here.stream().filter(each -> committed.of(each).isPresent()).findFirst();
    Counter counter = known.orElseGet(here::getLast);
    Samples counted = count(counter);
    System.out.printf(
        Locale.ROOT,
        "gate: %s instructions by %s in %d starts%n",
        counted.text(0),
        counter,
        counted.count());
    if (known.isEmpty()) {
      return undecided(
          "no figure to compare with: put \"%s = %.0f\" into %s once it is what is wanted"
              .formatted(Figures.name(counter), counted.median(), COMMITTED));
    }
    return judged(committed, committed.of(counter).getAsLong(), counted.median());
  }

  private static int judged(Figures committed, long figure, double counted) {
    boolean within = committed.allow(figure, counted);
    System.out.printf(
        Locale.ROOT,
        "gate: %s: %.3f x the committed %d, and at most %.3f x is allowed%n",
        within ? "within" : "EXCEEDED",
        counted / figure,
        figure,
        committed.tolerance());
    return within ? WITHIN : EXCEEDED;
  }

  private static int undecided(String why) {
    System.err.println("gate: " + why);
    return UNDECIDED;
  }

  private Samples count(Counter counter) throws IOException {
    Contestants contestants = new Contestants(Settings.of(executable));
    List<Double> counts = new ArrayList<>();
    try (LocalCloud cloud =
        contestants.startFor(
            Contestants.VAULT, Map.of(Contestants.BEFORE, counter.before(output)))) {
      Agent agent = Agent.create(cloud);
      Timing timing = new Timing(cloud);
      // by another function of the same executable, which starts uncounted
      String credential = "{\"label\":\"gate\"," + Agent.apiKey(Agent.secret()).substring(1);
      timing.warm("broker", agent.tool("vault_store", credential));
      for (int start = 0; start < STARTS; start++) {
        Files.deleteIfExists(output);
        timing.cold(Contestants.VAULT, agent.get("gate"));
        end(timing.pid(Contestants.VAULT));
        counts.add(
            (double)
                counter
                    .read(Files.readString(output))
                    .orElseThrow(() -> new IOException("no count in " + output)));
      }
    }
    return Samples.of(counts);
  }

  /** Has the function end in order, so that what counts it says what it counted. */
  static void end(long pid) {
    ProcessHandle counted = ProcessHandle.of(pid).orElseThrow();
    List<ProcessHandle> children = counted.children().toList();
    // perf has started the function as a child and waits for it, valgrind has become it
    (children.isEmpty() ? List.of(counted) : children).forEach(ProcessHandle::destroy);
    var _ = counted.onExit().join();
  }
}
