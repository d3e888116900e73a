package io.agentvault.evidence;

/**
 * That the records or checkpoints of an agent were not left alone (Evidence §3.2).
 *
 * @param agent whose
 * @param what what is wrong
 * @param key of the item
 * @param event the stream's name of what told so
 */
public record Finding(String agent, What what, String key, String event) {
  /** What stands in a checkpoint's place and is none. */
  static Finding unreadable(String agent, String place) {
    return new Finding(agent, What.UNREADABLE, "checkpoint " + place, "found at " + place);
  }

  /** What can be wrong. */
  public enum What {
    /** It is not as it was written. */
    CHANGED("changed"),
    /** It was deleted before its time. */
    REMOVED("removed"),
    /** Its key names another time than that of its writing. */
    OUT_OF_TIME("out of time"),
    /** It is to be kept for less than the retention. */
    SHORT_LIVED("short-lived"),
    /** It is no record. */
    UNREADABLE("unreadable");

    private final String text;

    What(String text) {
      this.text = text;
    }

    /** The spelling in heads and in the log. */
    public String text() {
      return text;
    }
  }
}
