package io.agentvault.identity;

import io.agentvault.problem.BadRequest;

/**
 * Which labels: one, or all that begin alike. Whether one pattern is within another is decided by
 * what they are, never by how they are written.
 *
 * @param text the label, or what it begins with, without any escape
 * @param isPrefix whether it is but the beginning; the empty one covers every label
 */
public record LabelPattern(String text, boolean isPrefix) {
  /** Every label. */
  public static final LabelPattern ALL = new LabelPattern("", true);

  /** Child token §2.7: a longer beginning is a whole label. */
  static final int LONGEST_PREFIX = LabelGrammar.LONGEST - 1;

  public LabelPattern {
    if (!isPattern(text, isPrefix)) {
      throw new IllegalArgumentException("not a pattern of labels");
    }
  }

  private static boolean isPattern(String text, boolean isPrefix) {
    return isPrefix
        ? LabelGrammar.isPrefix(text) && text.length() <= LONGEST_PREFIX
        : LabelGrammar.isLabel(text);
  }

  /**
   * The pattern that a caller writes: a label, or its beginning and a final {@code *}; a {@code *}
   * that is meant is {@code \*}.
   *
   * @throws BadRequest when it is neither
   */
  public static LabelPattern parse(String written) {
    boolean prefix = written.endsWith("*") && !written.endsWith("\\*");
    String escaped = prefix ? written.substring(0, written.length() - 1) : written;
    String text = escaped.replace("\\*", "*");
    // written back it must be the same: else a * or \ stood where none may
    if (!escaped(text).equals(escaped) || !isPattern(text, prefix)) {
      throw new BadRequest(
          "labels",
          "must be labels, or beginnings of labels with a final *; a * that is meant is \\*");
    }
    return new LabelPattern(text, prefix);
  }

  /** As a caller writes it. */
  public String written() {
    return escaped(text) + (isPrefix ? "*" : "");
  }

  private static String escaped(String text) {
    return text.replace("*", "\\*");
  }

  /** Whether it is one of these. */
  public boolean covers(String label) {
    return isPrefix ? label.startsWith(text) : label.equals(text);
  }

  /** Whether every label of {@code other} is one of these. */
  public boolean covers(LabelPattern other) {
    return isPrefix ? other.text.startsWith(text) : equals(other);
  }
}
