package io.agentvault.remote;

import java.util.Locale;

/**
 * Where an invocation came from, for its log line and its records.
 *
 * @param requestId the id that the caller was or will be told
 * @param way which way in
 */
public record Origin(String requestId, Way way) {
  static final Origin UNKNOWN = new Origin("unknown", Way.DIRECT);

  /** The ways in. */
  public enum Way {
    /** An HTTP API or a function URL. */
    HTTP,
    /** The Model Context Protocol. */
    MCP,
    /** Lambda's Invoke, or the table's stream. */
    DIRECT;

    /** The spelling in records. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
