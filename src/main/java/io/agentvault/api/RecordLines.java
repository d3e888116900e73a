package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.evidence.Entry;
import java.util.function.Consumer;

/** Records of reads as lines of JSON in the log, where the deployment wants no more of them. */
public final class RecordLines implements Consumer<Entry> {
  private final Consumer<String> lines;
  private final boolean labels;

  /**
   * @param lines where a line goes
   * @param labels whether labels are logged
   */
  public RecordLines(Consumer<String> lines, boolean labels) {
    this.lines = lines;
    this.labels = labels;
  }

  @Override
  public void accept(Entry entry) {
    ObjectNode line = Bodies.object();
    ObjectNode record = line.putObject("record");
    record.put("agent", entry.agent());
    record.put("id", entry.key());
    record.put("action", entry.action());
    if (labels) {
      entry.label().ifPresent(label -> record.put("label", label));
    }
    record.put("actor", entry.actor());
    record.put("way", entry.way());
    record.put("status", entry.status().text());
    entry.problem().ifPresent(code -> record.put("problem", code));
    entry.credentialId().ifPresent(id -> record.put("credentialId", id));
    record.put("durationMs", entry.durationMs());
    record.put("requestId", entry.requestId());
    lines.accept(line.toString());
  }
}
