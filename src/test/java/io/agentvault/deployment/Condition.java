package io.agentvault.deployment;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One line of a statement's {@code Condition}: an operator, a key, the values it is compared with.
 * Follows the IAM User Guide, "Condition operators" and "Multivalued context keys"; an operator
 * that is not known here throws, because a condition that is silently true would prove nothing.
 */
record Condition(String operator, String key, List<String> values) {
  private static final Pattern QUALIFIED = Pattern.compile("(?:(ForAllValues|ForAnyValue):)?(.+)");

  boolean holds(IamRequest request) {
    var parts = QUALIFIED.matcher(operator);
    if (!parts.matches()) {
      throw new IllegalArgumentException("malformed operator " + operator);
    }
    String qualifier = parts.group(1) == null ? "" : parts.group(1);
    String comparison = parts.group(2);
    List<String> asked = request.values(key);
    if (comparison.equals("Null")) {
      return values.stream().anyMatch(value -> Boolean.parseBoolean(value) == asked.isEmpty());
    }
    if (comparison.endsWith("IfExists")) {
      String base = comparison.substring(0, comparison.length() - "IfExists".length());
      return asked.isEmpty() || compare(qualifier, base, asked);
    }
    return compare(qualifier, comparison, asked);
  }

  private boolean compare(String qualifier, String comparison, List<String> asked) {
    return switch (qualifier) {
      // True for a key that is absent: an Allow with it needs a Null check beside it, or an action
      // that always sends the key.
      case "ForAllValues" -> asked.stream().allMatch(value -> matches(comparison, value));
      case "ForAnyValue" -> asked.stream().anyMatch(value -> matches(comparison, value));
      default -> asked.isEmpty() ? isNegated(comparison) : matches(comparison, asked.getFirst());
    };
  }

  private boolean matches(String comparison, String value) {
    boolean any =
        values.stream().anyMatch(pattern -> matchesOne(positive(comparison), pattern, value));
    return isNegated(comparison) != any;
  }

  private static boolean matchesOne(String comparison, String pattern, String value) {
    return switch (comparison) {
      case "StringEquals" -> pattern.equals(value);
      case "StringLike", "ArnEquals", "ArnLike" -> Wildcard.matches(pattern, value);
      case "Bool" -> pattern.equalsIgnoreCase(value);
      default -> throw new IllegalArgumentException("unknown operator " + comparison);
    };
  }

  private static boolean isNegated(String comparison) {
    return comparison.contains("Not");
  }

  private static String positive(String comparison) {
    return comparison.replace("Not", "");
  }
}
