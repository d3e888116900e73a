package io.agentvault.identity;

/**
 * What the names of credentials are made of. It stands here because the limits of a {@link
 * ChildToken} are written in it.
 */
public final class LabelGrammar {
  /** The longest label, in characters. */
  public static final int LONGEST = 128;

  private static final String FORBIDDEN = "/\\%#?";

  private LabelGrammar() {}

  /** Whether {@code text} is the name of a credential, those of earlier versions included. */
  public static boolean isLabel(String text) {
    return !text.isEmpty() && isPrefix(text) && text.charAt(text.length() - 1) != ' ';
  }

  /** Whether a label may begin with {@code text}; with nothing, all do. */
  public static boolean isPrefix(String text) {
    return text.length() <= LONGEST
        && !text.startsWith(" ")
        && text.chars().allMatch(c -> c >= ' ' && c <= '~' && FORBIDDEN.indexOf(c) < 0);
  }
}
