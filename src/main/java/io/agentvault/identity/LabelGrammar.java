package io.agentvault.identity;

/**
 * What the names of credentials are made of. It stands here because the limits of a {@link
 * ChildToken} are written in it.
 */
public final class LabelGrammar {
  /** The longest label, in characters. */
  public static final int LONGEST = 128;

  private LabelGrammar() {}

  /** Whether {@code text} is the name of a credential, those of earlier versions included. */
  public static boolean isLabel(String text) {
    return !text.isEmpty() && isPrefix(text) && text.charAt(text.length() - 1) != ' ';
  }

  /** Whether a label may begin with {@code text}; with nothing, all do. */
  public static boolean isPrefix(String text) {
    if (text.length() > LONGEST || text.startsWith(" ")) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!isAllowed(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(char character) {
    return switch (character) {
      case '/', '\\', '%', '#', '?' -> false;
      default -> character >= ' ' && character <= '~';
    };
  }
}
