package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.broker.Attempt;
import io.agentvault.broker.Witness;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Two lines of JSON in the log for each use: the attempt before the call, the outcome after it. */
public final class UseLog implements Witness {
  private final Consumer<String> lines;
  private final boolean labels;

  /**
   * @param lines where a line goes
   * @param labels whether labels are logged
   */
  public UseLog(Consumer<String> lines, boolean labels) {
    this.lines = lines;
    this.labels = labels;
  }

  @Override
  public void before(Attempt attempt) {
    lines.accept(line(attempt, "attempt").toString());
  }

  @Override
  public boolean after(Attempt attempt, String outcome, OptionalInt status) {
    ObjectNode line = line(attempt, "outcome").put("outcome", outcome);
    status.ifPresent(each -> line.put("status", each));
    lines.accept(line.toString());
    return true;
  }

  private ObjectNode line(Attempt attempt, String stage) {
    ObjectNode line = Bodies.object().put("use", stage).put("agent", attempt.agent().text());
    if (labels) {
      line.put("label", attempt.label().text());
    }
    return line.put("host", attempt.host())
        .put("method", attempt.method())
        .put("path", attempt.path())
        .put("way", attempt.origin().way().text())
        .put("requestId", attempt.origin().requestId());
  }
}
