package io.agentvault.evidence;

/**
 * That the records or checkpoints of an agent were not left alone (Evidence §3.2).
 *
 * @param what what is wrong
 * @param key of the item
 * @param event the stream's name of what told so
 */
public record Finding(What what, String key, String event) {
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

    String text() {
      return text;
    }
  }
}
