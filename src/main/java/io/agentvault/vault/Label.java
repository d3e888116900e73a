package io.agentvault.vault;

import io.agentvault.problem.BadRequest;

/**
 * The name of a credential inside its vault: 1 to 128 printable ASCII characters, no space at
 * either end, none of {@code / \ % # ?}, not {@code .} or {@code ..}.
 *
 * @param text as the caller wrote it
 */
public record Label(String text) implements Comparable<Label> {
  private static final int LONGEST = 128;
  private static final String FORBIDDEN = "/\\%#?";

  public Label {
    if (!isOldLabel(text)) {
      throw new IllegalArgumentException("not a label");
    }
  }

  /**
   * The label that {@code text} spells.
   *
   * @throws BadRequest when it breaks the rule
   */
  public static Label parse(String text) {
    if (!isLabel(text)) {
      throw new BadRequest(
          "label",
          "must be 1 to 128 printable ASCII characters without a space at either end and without"
              + " any of / \\ % # ?, and not . or ..");
    }
    return new Label(text);
  }

  /** Whether {@code text} is a label, and so nothing else that a caller put in its place. */
  public static boolean isLabel(String text) {
    return isOldLabel(text) && !text.equals(".") && !text.equals("..");
  }

  /** What the release before took: clients and gateways resolve dots before they send a path. */
  private static boolean isOldLabel(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST
        && text.charAt(0) != ' '
        && text.charAt(text.length() - 1) != ' '
        && text.chars().allMatch(c -> c >= ' ' && c <= '~' && FORBIDDEN.indexOf(c) < 0);
  }

  @Override
  public int compareTo(Label other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
