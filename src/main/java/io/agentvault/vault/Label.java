package io.agentvault.vault;

import io.agentvault.identity.LabelGrammar;
import io.agentvault.problem.BadRequest;

/**
 * The name of a credential inside its vault: 1 to 128 printable ASCII characters, no space at
 * either end, none of {@code / \ % # ?}, not {@code .} or {@code ..}.
 *
 * @param text as the caller wrote it
 */
public record Label(String text) implements Comparable<Label> {
  public Label {
    if (!LabelGrammar.isLabel(text)) {
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

  /**
   * Whether {@code text} is a label, and so nothing else that a caller put in its place. Dots alone
   * are of earlier versions only: clients and gateways resolve them before they send a path.
   */
  public static boolean isLabel(String text) {
    return LabelGrammar.isLabel(text) && !text.equals(".") && !text.equals("..");
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
