package io.agentvault.local.table;

import io.agentvault.local.host.Account;
import io.agentvault.local.host.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamRecord;

/**
 * Records of a table's stream as Lambda hands them to a function.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html">event of a stream</a>
 */
final class StreamRecords {
  private StreamRecords() {}

  static byte[] event(List<JsonObject> records) {
    JsonArrayBuilder list = Json.array();
    records.forEach(list::add);
    return Json.bytes(Json.object().add("Records", list).build());
  }

  static String sequenceNumber(JsonObject record) {
    return record.getJsonObject("dynamodb").getString("SequenceNumber");
  }

  /**
   * @param ttl the attribute that says when an item expires, or empty: DynamoDB Local does not say
   *     that a removal was its own, as DynamoDB does
   */
  static JsonObject json(Record record, String streamArn, String ttl) {
    StreamRecord change = record.dynamodb();
    JsonObjectBuilder dynamodb =
        Json.object()
            .add(
                "ApproximateCreationDateTime",
                change.approximateCreationDateTime().getEpochSecond())
            .add("Keys", item(change.keys()))
            .add("SequenceNumber", change.sequenceNumber())
            .add("SizeBytes", change.sizeBytes())
            .add("StreamViewType", change.streamViewTypeAsString());
    if (change.hasOldImage()) {
      dynamodb.add("OldImage", item(change.oldImage()));
    }
    if (change.hasNewImage()) {
      dynamodb.add("NewImage", item(change.newImage()));
    }
    JsonObjectBuilder json =
        Json.object()
            .add("eventID", record.eventID())
            .add("eventName", record.eventNameAsString())
            .add("eventVersion", "1.1")
            .add("eventSource", "aws:dynamodb")
            .add("awsRegion", Account.REGION)
            .add("dynamodb", dynamodb)
            .add("eventSourceARN", streamArn);
    if (record.userIdentity() != null || expired(record, ttl)) {
      json.add(
          "userIdentity",
          Json.object().add("type", "Service").add("principalId", "dynamodb.amazonaws.com"));
    }
    return json.build();
  }

  private static boolean expired(Record record, String ttl) {
    StreamRecord change = record.dynamodb();
    if (record.eventName() != OperationType.REMOVE || !change.hasOldImage()) {
      return false;
    }
    AttributeValue until = change.oldImage().get(ttl);
    return until != null
        && until.n() != null
        && Long.parseLong(until.n()) <= change.approximateCreationDateTime().getEpochSecond();
  }

  private static JsonObject item(Map<String, AttributeValue> attributes) {
    JsonObjectBuilder item = Json.object();
    attributes.forEach((name, value) -> item.add(name, attribute(value)));
    return item.build();
  }

  private static JsonValue attribute(AttributeValue value) {
    return switch (value.type()) {
      case S -> typed("S", value.s());
      case N -> typed("N", value.n());
      case B -> typed("B", base64(value.b()));
      case BOOL -> typed("BOOL", value.bool());
      case NUL -> typed("NULL", true);
      case SS -> typed("SS", value.ss());
      case NS -> typed("NS", value.ns());
      case BS -> typed("BS", value.bs().stream().map(StreamRecords::base64).toList());
      case L -> typed("L", value.l().stream().map(StreamRecords::attribute).toList());
      case M -> Json.object().add("M", item(value.m())).build();
      case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException("unknown attribute type");
    };
  }

  private static JsonValue typed(String type, Object value) {
    return Json.value(Map.of(type, value));
  }

  private static String base64(SdkBytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.asByteArray());
  }
}
