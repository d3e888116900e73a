package io.agentvault.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.BadRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of the caller's, every value of which may be a secret: it prints as redacted, and
 * {@link #expose} is the only way to its tree.
 */
public final class Data {
  private final ObjectNode tree;

  private Data(ObjectNode tree) {
    this.tree = tree;
  }

  /** The data in {@code tree}, which the caller gives away. */
  public static Data of(ObjectNode tree) {
    return new Data(tree);
  }

  /** No data. */
  static Data none() {
    return new Data(JsonNodeFactory.instance.objectNode());
  }

  /** A copy of the whole tree. */
  public ObjectNode expose() {
    return tree.deepCopy();
  }

  /**
   * Holds its numbers to what can be read again.
   *
   * @throws BadRequest when one is over the limits
   */
  void checkNumbers(String field) {
    Numbers.check(field, tree);
  }

  /** Whether the field is there and not null. */
  boolean has(String field) {
    return tree.hasNonNull(field);
  }

  /** Whether the field holds a number or a text that is not empty. */
  boolean hasValue(String field) {
    JsonNode value = tree.path(field);
    return value.isNumber() || (value.isTextual() && !value.textValue().isEmpty());
  }

  /** The text in the field, if it is one. */
  Optional<String> text(String field) {
    return Optional.ofNullable(tree.path(field).textValue());
  }

  /** The whole number in the field, if it is one of 32 bits. */
  Optional<Integer> integer(String field) {
    JsonNode value = tree.path(field);
    return value.isInt() ? Optional.of(value.intValue()) : Optional.empty();
  }

  /** The object in the field, if it is one. */
  Optional<Data> object(String field) {
    return tree.path(field) instanceof ObjectNode object
        ? Optional.of(new Data(object))
        : Optional.empty();
  }

  /** Whether the field is absent, null, or an array of texts that are not empty. */
  boolean isTextsOrAbsent(String field) {
    JsonNode value = tree.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return true;
    }
    return value.isArray()
        && value.valueStream().allMatch(code -> code.isTextual() && !code.textValue().isEmpty());
  }

  /** The texts in the field; empty when there are none. */
  List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    tree.path(field).forEach(value -> texts.add(value.textValue()));
    return texts;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Data data && tree.equals(data.tree);
  }

  @Override
  public int hashCode() {
    return tree.hashCode();
  }

  @Override
  public String toString() {
    return "Data[redacted]";
  }
}
