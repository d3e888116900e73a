package io.agentvault.threats;

/** An agent identity of a test. */
record Agent(String tenant, String id, String key) {
  String partition() {
    return "AGENT#" + id;
  }

  @Override
  public String toString() {
    return "Agent[" + id + "]";
  }
}
