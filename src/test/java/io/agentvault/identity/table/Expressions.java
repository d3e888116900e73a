package io.agentvault.identity.table;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The expressions of one request: conditions, key conditions, projections and updates of top-level
 * attributes. What it does not know, and what DynamoDB would refuse (a reserved word, a name or
 * value that is missing or not used), is an {@link AssertionError}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html">
 *     Condition and filter expressions</a>
 */
final class Expressions {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(<>|<=|>=|[()=<>,+-]|[:#]?[A-Za-z_][A-Za-z0-9_]*)");

  /** Of DynamoDB's reserved words, those that such a table is tempted to use. */
  private static final Set<String> RESERVED =
      Set.of(
          "COUNT",
          "COUNTER",
          "DATA",
          "DATE",
          "HASH",
          "KEY",
          "LABEL",
          "NAME",
          "OWNER",
          "RANGE",
          "SCOPE",
          "SECTION",
          "SIZE",
          "STATE",
          "STATUS",
          "TIME",
          "TIMESTAMP",
          "TOKEN",
          "TTL",
          "TYPE",
          "USER",
          "VALUE",
          "VALUES",
          "VERSION");

  private final Map<String, String> names;
  private final Map<String, AttributeValue> values;
  private final Set<String> unused = new HashSet<>();

  Expressions(Map<String, String> names, Map<String, AttributeValue> values) {
    this.names = names;
    this.values = values;
    unused.addAll(names.keySet());
    unused.addAll(values.keySet());
  }

  /** Whether {@code item}, or the absence of one (an empty map), fulfils {@code condition}. */
  boolean matches(String condition, Map<String, AttributeValue> item) {
    Cursor cursor = new Cursor(condition, item);
    boolean result = cursor.or();
    cursor.requireEnd();
    return result;
  }

  /** What {@code update} makes of {@code item}; every operand is read before anything changes. */
  Map<String, AttributeValue> updated(String update, Map<String, AttributeValue> item) {
    Cursor cursor = new Cursor(update, item);
    Map<String, AttributeValue> result = new HashMap<>(item);
    Set<String> touched = new HashSet<>();
    while (!cursor.atEnd()) {
      String clause = cursor.next().toUpperCase(Locale.ROOT);
      do {
        String attribute = cursor.attribute(cursor.next());
        require(touched.add(attribute), "an attribute is updated twice: " + attribute);
        switch (clause) {
          case "SET" -> {
            cursor.expect("=");
            result.put(attribute, cursor.sum());
          }
          case "REMOVE" -> result.remove(attribute);
          default -> throw new AssertionError("unknown clause " + clause);
        }
      } while (cursor.skip(","));
    }
    return result;
  }

  /** The attributes of {@code item} that {@code projection} names. */
  Map<String, AttributeValue> projected(String projection, Map<String, AttributeValue> item) {
    Cursor cursor = new Cursor(projection, item);
    Map<String, AttributeValue> result = new HashMap<>();
    do {
      String attribute = cursor.attribute(cursor.next());
      Optional.ofNullable(item.get(attribute)).ifPresent(value -> result.put(attribute, value));
    } while (cursor.skip(","));
    cursor.requireEnd();
    return result;
  }

  /** To be called when all expressions of the request were looked at. */
  void requireAllUsed() {
    require(unused.isEmpty(), "not used in any expression: " + unused);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  /** One pass over the tokens of one expression, evaluated on the way. */
  private final class Cursor {
    private final List<String> tokens = new ArrayList<>();
    private final Map<String, AttributeValue> item;
    private int position;

    Cursor(String text, Map<String, AttributeValue> item) {
      this.item = item;
      Matcher matcher = TOKEN.matcher(text);
      int end = 0;
      while (end < text.length() && matcher.find(end) && matcher.start() == end) {
        tokens.add(matcher.group(1));
        end = matcher.end();
      }
      require(text.substring(end).isBlank() && !tokens.isEmpty(), "not understood: " + text);
    }

    boolean atEnd() {
      return position == tokens.size();
    }

    void requireEnd() {
      require(atEnd(), "not understood: " + tokens.subList(position, tokens.size()));
    }

    String next() {
      require(!atEnd(), "cut short: " + tokens);
      return tokens.get(position++);
    }

    boolean skip(String token) {
      boolean found = !atEnd() && tokens.get(position).equalsIgnoreCase(token);
      position += found ? 1 : 0;
      return found;
    }

    void expect(String token) {
      require(skip(token), "expected " + token + " in " + tokens);
    }

    boolean or() {
      boolean result = and();
      while (skip("OR")) {
        result |= and();
      }
      return result;
    }

    private boolean and() {
      boolean result = not();
      while (skip("AND")) {
        result &= not();
      }
      return result;
    }

    private boolean not() {
      if (skip("NOT")) {
        return !not();
      }
      if (skip("(")) {
        boolean result = or();
        expect(")");
        return result;
      }
      return comparison(next());
    }

    private boolean comparison(String token) {
      if (skip("(")) {
        Optional<AttributeValue> argument = operand(next());
        boolean result =
            switch (token) {
              case "attribute_exists" -> argument.isPresent();
              case "attribute_not_exists" -> argument.isEmpty();
              case "begins_with" -> {
                expect(",");
                String prefix = operand(next()).orElseThrow().s();
                yield argument.filter(text -> text.s().startsWith(prefix)).isPresent();
              }
              default -> throw new AssertionError("unknown function " + token);
            };
        expect(")");
        return result;
      }
      Optional<AttributeValue> left = operand(token);
      String operator = next();
      Optional<AttributeValue> right = operand(next());
      if (operator.equals("BETWEEN")) {
        expect("AND");
        return isBetween(left, right, operand(next()));
      }
      return switch (operator) {
        case "=" -> same(left, right);
        case "<>" -> !same(left, right);
        case "<" -> comparable(left, right) && number(left) < number(right);
        default -> throw new AssertionError("unknown operator " + operator);
      };
    }

    private static boolean isBetween(
        Optional<AttributeValue> text, Optional<AttributeValue> from, Optional<AttributeValue> to) {
      return text.isPresent()
          && text.get().s().compareTo(from.orElseThrow().s()) >= 0
          && text.get().s().compareTo(to.orElseThrow().s()) <= 0;
    }

    private static boolean same(Optional<AttributeValue> left, Optional<AttributeValue> right) {
      if (comparable(left, right)) {
        return new BigDecimal(left.orElseThrow().n())
                .compareTo(new BigDecimal(right.orElseThrow().n()))
            == 0;
      }
      return left.isPresent() && left.equals(right);
    }

    private static boolean comparable(
        Optional<AttributeValue> left, Optional<AttributeValue> right) {
      return left.filter(each -> each.n() != null).isPresent()
          && right.filter(each -> each.n() != null).isPresent();
    }

    private static long number(Optional<AttributeValue> value) {
      return Long.parseLong(value.orElseThrow().n());
    }

    AttributeValue sum() {
      AttributeValue left = term();
      if (!skip("+")) {
        return left;
      }
      AttributeValue right = term();
      return AttributeValue.fromN(
          new BigDecimal(left.n()).add(new BigDecimal(right.n())).toPlainString());
    }

    private AttributeValue term() {
      String token = next();
      if (token.equals("if_not_exists") && skip("(")) {
        Optional<AttributeValue> kept = operand(next());
        expect(",");
        AttributeValue otherwise = operand(next()).orElseThrow();
        expect(")");
        return kept.orElse(otherwise);
      }
      return operand(token)
          .orElseThrow(() -> new AssertionError("no such attribute to read: " + token));
    }

    private Optional<AttributeValue> operand(String token) {
      if (token.startsWith(":")) {
        unused.remove(token);
        require(values.containsKey(token), "no value given for " + token);
        return Optional.ofNullable(values.get(token));
      }
      return Optional.ofNullable(item.get(attribute(token)));
    }

    String attribute(String token) {
      if (token.startsWith("#")) {
        unused.remove(token);
        require(names.containsKey(token), "no name given for " + token);
        return names.getOrDefault(token, "");
      }
      require(Character.isLetter(token.charAt(0)), "not an attribute: " + token);
      require(!RESERVED.contains(token.toUpperCase(Locale.ROOT)), "a reserved word: " + token);
      return token;
    }
  }
}
