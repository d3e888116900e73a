package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.LocalCloud;
import io.agentvault.threats.FaultMatrix.Cell;
import io.agentvault.threats.FaultMatrix.Result;
import io.agentvault.threats.FaultMatrix.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every operation, with every fault, at every one of its remote calls. The functions' time-out is
 * cut to a few seconds, so that what ends at the deadline ends soon.
 */
final class FaultMatrixIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  // How many cells run side by side
  private static final int THAT_WORK = 3;

  /** Wait once and then work, with what is left of the function's time. */
  private static final int THAT_WAIT = 5;

  private static final int THAT_WAIT_ON = 8;

  @Test
  void everyFaultOfEveryCallEndsAsDocumented() throws IOException {
    try (LocalCloud cloud = cloud()) {
      cloud.stream().pause();
      Gate gate = new Gate(cloud);
      FaultMatrix matrix = new FaultMatrix(gate);
      List<Target> targets =
          Scenario.all().stream().flatMap(s -> matrix.targets(s).stream()).toList();
      List<Cell> cells = cells(targets, cloud);
      List<Result> results = new ArrayList<>();
      // What goes on uses up the SDK's retry quota, so what happens once comes first.
      results.addAll(run(matrix, THAT_WORK, of(cells, false, false)));
      results.addAll(run(matrix, THAT_WAIT, of(cells, false, true)));
      results.addAll(run(matrix, THAT_WAIT_ON, of(cells, true, true)));
      results.addAll(run(matrix, THAT_WORK, of(cells, true, false)));
      String table = new MatrixTable(targets, results).markdown();
      Files.writeString(Path.of("target/fault-matrix.md"), table);
      System.out.println(table);
      assertThat(results).hasSameSizeAs(cells);
      assertThat(results.stream().flatMap(result -> result.violation().stream()).toList())
          .isEmpty();
    }
  }

  private static Stream<Cell> of(List<Cell> cells, boolean goesOn, boolean waits) {
    return cells.stream().filter(cell -> cell.goesOn() == goesOn && waits(cell) == waits);
  }

  /** Cells that spend their time waiting rather than working. */
  private static boolean waits(Cell cell) {
    return cell.fault().isHang() || cell.fault().isSlow() || cell.untilDeadline();
  }

  private static List<Cell> cells(List<Target> targets, LocalCloud cloud) {
    List<FaultCase> faults =
        Stream.of(
                FaultCase.network(),
                FaultCase.storage(),
                FaultCase.contention(),
                FaultCase.keyService(keyArn(cloud)))
            .flatMap(List::stream)
            .toList();
    List<Cell> cells = new ArrayList<>();
    for (Target target : targets) {
      for (FaultCase fault : faults) {
        if (fault.strikes().test(target.key())) {
          cells.add(new Cell(target, fault, false));
          cells.add(new Cell(target, fault, true));
        }
      }
      if (target.first()) {
        cells.add(new Cell(target, FaultCase.slow(), true));
      }
    }
    return cells;
  }

  private static String keyArn(LocalCloud cloud) {
    return cloud.template().functions().stream()
        .map(function -> function.environment().getOrDefault("VAULT_KMS_KEY_ID", ""))
        .filter(arn -> !arn.isEmpty())
        .findFirst()
        .orElseThrow();
  }

  private static List<Result> run(FaultMatrix matrix, int sideBySide, Stream<Cell> cells) {
    try (ExecutorService threads = Executors.newFixedThreadPool(sideBySide)) {
      List<Future<Result>> running =
          cells.map(cell -> threads.submit(() -> matrix.run(cell))).toList();
      List<Result> results = new ArrayList<>();
      for (Future<Result> each : running) {
        results.add(each.get());
      }
      return results;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("an experiment broke", e);
    }
  }

  private static LocalCloud cloud() throws IOException {
    String template =
        Files.readString(Path.of("template.yaml"))
            .replaceAll("(?m)^(\\s+)Timeout: \\d+", "$1Timeout: " + TIMEOUT.toSeconds());
    Path shortened = Path.of("target/fault-matrix-template.yaml");
    Files.writeString(shortened, template);
    return LocalCloud.options()
        .template(shortened)
        .environment("vault", "VAULT_DATA_KEY_CACHE_TTL", "0")
        .maxInstances(THAT_WAIT_ON)
        .start();
  }
}
