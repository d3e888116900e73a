package io.agentvault.deployment;

import java.util.regex.Pattern;

/** The patterns of IAM: {@code *} is any text, {@code ?} is any one character. */
final class Wildcard {
  private Wildcard() {}

  static boolean matches(String pattern, String text) {
    String expression =
        Pattern.compile("[*?]|[^*?]+")
            .matcher(pattern)
            .replaceAll(
                part ->
                    switch (part.group()) {
                      case "*" -> ".*";
                      case "?" -> ".";
                      default ->
                          java.util.regex.Matcher.quoteReplacement(Pattern.quote(part.group()));
                    });
    return Pattern.compile(expression, Pattern.DOTALL).matcher(text).matches();
  }
}
