package io.agentvault.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.evidence.Change;
import io.agentvault.evidence.Change.Kind;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * A change as the stream of a table with images tells of it.
 *
 * @param sequenceNumber by which Lambda is told to deliver it again
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html">Events of a stream</a>
 */
record Streamed(Change change, String sequenceNumber) {
  private static final String DYNAMODB = "dynamodb.amazonaws.com";
  private static final int LONGEST_NUMBER = 18;

  /** Empty for what is no change of an item of ours. */
  static Optional<Streamed> of(JsonNode record) {
    JsonNode dynamodb = record.path("dynamodb");
    Optional<Kind> kind = kind(record);
    JsonNode partition = dynamodb.path("Keys").path("pk").path("S");
    JsonNode key = dynamodb.path("Keys").path("sk").path("S");
    if (kind.isEmpty() || !partition.isTextual() || !key.isTextual()) {
      return Optional.empty();
    }
    JsonNode image = dynamodb.path(kind.get() == Kind.INSERT ? "NewImage" : "OldImage");
    String sequenceNumber = dynamodb.path("SequenceNumber").asText();
    return Optional.of(
        new Streamed(
            new Change(
                partition.textValue(),
                key.textValue(),
                kind.get(),
                Optional.of(image.path("record").path("S"))
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::textValue),
                number(image.path("ttl").path("N").asText()),
                at(dynamodb.path("ApproximateCreationDateTime")),
                record.path("eventID").asText(sequenceNumber)),
            sequenceNumber));
  }

  private static Optional<Kind> kind(JsonNode record) {
    return switch (record.path("eventName").asText()) {
      case "INSERT" -> Optional.of(Kind.INSERT);
      case "MODIFY" -> Optional.of(Kind.MODIFY);
      case "REMOVE" -> Optional.of(isByTimeToLive(record) ? Kind.EXPIRE : Kind.REMOVE);
      default -> Optional.empty();
    };
  }

  /**
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html">
   *     DynamoDB Streams and TTL</a>
   */
  private static boolean isByTimeToLive(JsonNode record) {
    JsonNode by = record.path("userIdentity");
    return by.path("type").asText().equals("Service")
        && by.path("principalId").asText().equals(DYNAMODB);
  }

  /** Seconds since 1970, with or without a fraction. */
  private static Instant at(JsonNode seconds) {
    if (!seconds.isNumber() || seconds.asText().length() > LONGEST_NUMBER) {
      return Instant.EPOCH;
    }
    return Instant.ofEpochMilli(
        seconds.decimalValue().multiply(BigDecimal.valueOf(1000)).longValue());
  }

  private static Optional<Long> number(String digits) {
    return digits.matches("[0-9]{1," + LONGEST_NUMBER + "}")
        ? Optional.of(Long.valueOf(digits))
        : Optional.empty();
  }
}
