package io.agentvault.broker;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One header line.
 *
 * @param name as it is written
 * @param value without line ends
 */
public record Header(String name, String value) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}");

  /** The name to compare by. */
  String key() {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Whether it can be sent without becoming two lines, or another one. */
  public boolean isWellFormed() {
    return NAME.matcher(name).matches()
        && value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= 0xff && c != 0x7f));
  }

  /** A header may hold a secret: its value is not printed. */
  @Override
  public String toString() {
    return "Header[" + name + "]";
  }
}
