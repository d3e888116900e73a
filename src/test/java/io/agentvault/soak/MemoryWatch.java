package io.agentvault.soak;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.runtime.FunctionInstance;
import io.agentvault.local.runtime.LambdaFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Resident memory of each instance, in MB, over the run. */
final class MemoryWatch {
  private static final int MINIMUM_SAMPLES = 9;
  private static final double FLAT = 1.25;
  private static final int FLAT_MB = 24;

  private final LocalCloud cloud;
  private final Map<String, List<Integer>> samples = new TreeMap<>();

  MemoryWatch(LocalCloud cloud) {
    this.cloud = cloud;
  }

  void sample() {
    for (LambdaFunction function : cloud.functions()) {
      for (FunctionInstance instance : function.instances()) {
        try {
          for (String line : Files.readAllLines(Path.of("/proc/" + instance.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
              int kilobytes = Integer.parseInt(line.replaceAll("\\D", ""));
              samples
                  .computeIfAbsent(instance.name(), name -> new ArrayList<>())
                  .add(kilobytes / 1024);
            }
          }
        } catch (IOException e) {
          continue; // ended meanwhile, or there is no /proc here
        }
      }
    }
  }

  private static int median(List<Integer> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /** One line for each instance that lived long enough: its first and its last third. */
  List<String> report(Violations violations) {
    List<String> lines = new ArrayList<>();
    samples.forEach(
        (name, values) -> {
          if (values.size() < MINIMUM_SAMPLES) {
            return;
          }
          int third = values.size() / 3;
          // The first samples are of a JVM that is still loading classes.
          int early = median(values.subList(third / 2, third + third / 2));
          int late = median(values.subList(values.size() - third, values.size()));
          lines.add(name + ": " + early + " MB, later " + late + " MB");
          violations.require(
              late <= early * FLAT + FLAT_MB, name + " grew from " + early + " to " + late + " MB");
        });
    return lines;
  }
}
