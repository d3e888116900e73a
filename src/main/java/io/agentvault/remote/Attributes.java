package io.agentvault.remote;

import io.agentvault.problem.Internal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reading and making the attributes of a DynamoDB item. An attribute that must be there and is not,
 * or is of another type, means that the item was not written by us: {@link Internal}.
 */
public final class Attributes {
  private final Map<String, AttributeValue> item;

  private Attributes(Map<String, AttributeValue> item) {
    this.item = item;
  }

  /** The attributes of an item that a store returned. */
  public static Attributes of(Map<String, AttributeValue> item) {
    return new Attributes(item);
  }

  public static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  public static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  /** An array that nobody changes afterwards: it is not copied. */
  public static AttributeValue bytes(byte[] value) {
    return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(value));
  }

  public static AttributeValue flag(boolean value) {
    return AttributeValue.fromBool(value);
  }

  /** Text values as a list: it keeps its order and may be empty, which a set may not. */
  public static AttributeValue texts(List<String> values) {
    return AttributeValue.fromL(values.stream().map(AttributeValue::fromS).toList());
  }

  public String text(String name, String what) {
    return optionalText(name).orElseThrow(() -> malformed(what));
  }

  public Optional<String> optionalText(String name) {
    return find(name).map(AttributeValue::s);
  }

  public long number(String name, String what) {
    return optionalNumber(name).orElseThrow(() -> malformed(what));
  }

  /**
   * @throws Internal when the number has a fraction or more than 64 bits
   */
  public Optional<Long> optionalNumber(String name) {
    try {
      return find(name).map(AttributeValue::n).map(Long::valueOf);
    } catch (NumberFormatException e) {
      throw malformed("number");
    }
  }

  /** A point in time, stored as ISO-8601. */
  public Instant instant(String name, String what) {
    return optionalInstant(name, what).orElseThrow(() -> malformed(what));
  }

  /**
   * As {@link #instant}, where there may be none.
   *
   * @throws Internal when there is one that is no point in time
   */
  public Optional<Instant> optionalInstant(String name, String what) {
    try {
      return optionalText(name).map(Times::parse);
    } catch (DateTimeParseException e) {
      throw malformed(what);
    }
  }

  public byte[] bytes(String name, String what) {
    return optionalBytes(name).orElseThrow(() -> malformed(what));
  }

  public Optional<byte[]> optionalBytes(String name) {
    return find(name).map(AttributeValue::b).map(SdkBytes::asByteArrayUnsafe);
  }

  public List<String> texts(String name) {
    return find(name).filter(AttributeValue::hasL).map(AttributeValue::l).orElse(List.of()).stream()
        .map(AttributeValue::s)
        .toList();
  }

  public boolean flag(String name) {
    return find(name).map(AttributeValue::bool).orElse(false);
  }

  private Optional<AttributeValue> find(String name) {
    return Optional.ofNullable(item.get(name));
  }

  private static Internal malformed(String what) {
    return new Internal("a stored " + what + " is malformed");
  }
}
