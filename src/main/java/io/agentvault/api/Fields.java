package io.agentvault.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.BadRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Typed reading of a request's JSON fields. Null is absent; unknown fields are not looked at.
 *
 * @param tree the object that was sent
 */
record Fields(ObjectNode tree) {
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .parseCaseInsensitive()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffsetId()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private Optional<JsonNode> find(String name) {
    return Optional.ofNullable(tree.get(name)).filter(node -> !node.isNull());
  }

  /** Whether the field stands there, be it as null. */
  boolean mentions(String name) {
    return tree.has(name);
  }

  Optional<String> text(String name) {
    Optional<JsonNode> value = find(name);
    if (value.isPresent() && !value.get().isTextual()) {
      throw new BadRequest(name, "must be a string");
    }
    return value.map(JsonNode::textValue);
  }

  String requiredText(String name) {
    return text(name).orElseThrow(() -> new BadRequest(name, "must be given"));
  }

  Optional<ObjectNode> object(String name) {
    Optional<JsonNode> value = find(name);
    if (value.isPresent() && !value.get().isObject()) {
      throw new BadRequest(name, "must be a JSON object");
    }
    return value.map(ObjectNode.class::cast);
  }

  /** A point in time, cut to milliseconds. */
  Optional<Instant> instant(String name) {
    return text(name).map(text -> moment(name, text));
  }

  /** The instant that a text means. */
  static Instant moment(String name, String text) {
    try {
      Instant instant = moment(text).truncatedTo(ChronoUnit.MILLIS);
      if (instant.isBefore(LATEST)) {
        return instant;
      }
    } catch (DateTimeException e) {
      // what the parser says quotes what was sent
    }
    throw new BadRequest(name, "must be an ISO-8601 time such as 2030-01-31T00:00:00Z");
  }

  /** A time without an offset is UTC; a date alone is its end. */
  private static Instant moment(String text) {
    return switch (TIME.parseBest(
        text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from)) {
      case OffsetDateTime time -> time.toInstant();
      case LocalDateTime time -> time.toInstant(ZoneOffset.UTC);
      case LocalDate date -> date.atTime(LocalTime.MAX).toInstant(ZoneOffset.UTC);
      case TemporalAccessor other -> throw new DateTimeException("no time");
    };
  }

  /** Texts in an array; absent when the field is. */
  Optional<List<String>> texts(String name, int most) {
    Optional<JsonNode> value = find(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    JsonNode array = value.get();
    if (!array.isArray()
        || array.size() > most
        || array.valueStream().anyMatch(node -> !node.isTextual())) {
      throw new BadRequest(name, "must be an array of at most " + most + " strings");
    }
    return Optional.of(array.valueStream().map(JsonNode::textValue).toList());
  }

  /** A yes or no; absent is no. */
  boolean flag(String name) {
    Optional<JsonNode> value = find(name);
    if (value.isPresent() && !value.get().isBoolean()) {
      throw new BadRequest(name, "must be true or false");
    }
    return value.map(JsonNode::booleanValue).orElse(false);
  }

  /** A whole number, however it is written: JSON's 60.0 is 60. */
  int integer(String name, int least, int most, int otherwise) {
    Optional<JsonNode> value = find(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    JsonNode node = value.get();
    boolean whole = node.canConvertToExactIntegral() && node.canConvertToInt();
    if (!whole || node.intValue() < least || node.intValue() > most) {
      throw new BadRequest(name, "must be a whole number from " + least + " to " + most);
    }
    return node.intValue();
  }
}
