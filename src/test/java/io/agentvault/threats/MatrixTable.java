package io.agentvault.threats;

import io.agentvault.threats.FaultMatrix.Result;
import io.agentvault.threats.FaultMatrix.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The matrix as Markdown: a row for each remote call of each operation, a column for each fault.
 */
final class MatrixTable {
  private final Map<Target, Map<String, List<Result>>> rows = new LinkedHashMap<>();

  MatrixTable(List<Target> targets, Collection<Result> results) {
    targets.forEach(target -> rows.put(target, new LinkedHashMap<>()));
    for (Result result : results) {
      rows.getOrDefault(result.cell().target(), new LinkedHashMap<>())
          .computeIfAbsent(result.cell().fault().column(), column -> new ArrayList<>())
          .add(result);
    }
  }

  String markdown() {
    return """
    # Faults between the functions and AWS

    Each cell is one experiment on the packaged functions: the status that the caller got when the
    fault struck that call once / every time, and after × how often the call was made. 503 carries
    `Retry-After`. After each, the table was looked at (nothing half-written) and the same request
    was sent again without the fault (it succeeds). `all slow` delays every call of the operation by
    %d ms. The reaper has no caller: 503 stands for a record given back to Lambda, to be tried
    again. Where `×` is 1 with a fault that goes on, the SDK had no retry quota left.

    ## DynamoDB

    %s
    ## KMS

    %s"""
        .formatted(FaultCase.SLOW.toMillis(), table("dynamodb"), table("kms"));
  }

  private String table(String service) {
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(
        (target, cells) -> {
          if (target.service().equals(service)) {
            columns.addAll(cells.keySet());
          }
        });
    StringBuilder text = new StringBuilder("| operation | call | ");
    text.append(String.join(" | ", columns))
        .append(" |\n|---|---|")
        .append("---|".repeat(columns.size()));
    text.append('\n');
    rows.forEach(
        (target, cells) -> {
          if (target.service().equals(service)) {
            text.append("| ").append(target.scenario().name());
            text.append(" | ").append(target.label()).append(" | ");
            columns.forEach(
                column -> text.append(cell(cells.getOrDefault(column, List.of()))).append(" | "));
            text.append('\n');
          }
        });
    return text.toString();
  }

  private static String cell(List<Result> results) {
    return String.join(
        " / ",
        results.stream()
            .sorted((one, other) -> Boolean.compare(one.cell().goesOn(), other.cell().goesOn()))
            .map(result -> result.status() + (result.tries() > 1 ? " ×" + result.tries() : ""))
            .toList());
  }
}
