package io.agentvault.local.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.agentvault.local.host.AwsClients;
import io.agentvault.local.host.Json;
import io.agentvault.local.runtime.Invocation;
import io.agentvault.local.runtime.Outcome;
import io.agentvault.local.template.Template;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** Over the stream of DynamoDB Local, with a target in this process. */
final class StreamPumpIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String REMOVALS =
      "{\"eventName\":[\"REMOVE\"],\"dynamodb\":{\"Keys\":{\"sk\":{\"S\":[\"IDENTITY\"]}}}}";

  @TempDir private static Path directory;
  private static DynamoDbClient dynamo;
  private static DynamoDbStreamsClient streams;

  private final List<List<String>> deliveries = Collections.synchronizedList(new ArrayList<>());
  private final Set<String> poison = Collections.synchronizedSet(new HashSet<>());
  private boolean throwing;
  private String table = "";
  private String streamArn = "";

  @BeforeAll
  static void start() {
    DynamoDbLocal local = DynamoDbLocal.shared(Path.of(""));
    dynamo = AwsClients.dynamo(local.endpoint());
    streams = AwsClients.streams(local.endpoint());
  }

  @AfterAll
  static void stop() {
    streams.close();
    dynamo.close();
  }

  @BeforeEach
  void createTable(TestInfo test) {
    table = test.getTestMethod().orElseThrow().getName();
    Map<String, Object> properties =
        Template.load(Path.of("template.yaml"), Map.of(), Map.of()).table("Table");
    streamArn = new TableSetup(dynamo, table, properties).ensure().orElseThrow();
  }

  @AfterEach
  void deleteTable() {
    dynamo.deleteTable(request -> request.tableName(table));
  }

  private StreamPump pump(int batchSize, boolean bisect, int retries, Optional<Path> checkpoint) {
    return new StreamPump(
        new StreamReader(streams, streamArn, "ttl", checkpoint),
        new Template.StreamEvent(
            "Table", batchSize, Duration.ZERO, bisect, true, retries, List.of(REMOVALS)),
        this::target);
  }

  private Invocation target(byte[] event) {
    List<String> names = new ArrayList<>();
    JsonArrayBuilder failures = Json.array();
    for (JsonObject record :
        Json.read(event).getJsonArray("Records").getValuesAs(JsonObject.class)) {
      names.add(name(record));
      if (poison.contains(name(record))) {
        failures.add(Json.object().add("itemIdentifier", StreamRecords.sequenceNumber(record)));
      }
    }
    deliveries.add(names);
    Outcome outcome =
        throwing && names.stream().anyMatch(poison::contains)
            ? Outcome.Failure.of("Toy", "poisoned")
            : new Outcome.Answer(
                Json.object()
                    .add("batchItemFailures", failures)
                    .build()
                    .toString()
                    .getBytes(StandardCharsets.UTF_8));
    return new Invocation("r", outcome, 1, false, Duration.ZERO);
  }

  private static String name(JsonObject record) {
    return record
        .getJsonObject("dynamodb")
        .getJsonObject("Keys")
        .getJsonObject("pk")
        .getString("S");
  }

  private static Map<String, AttributeValue> key(String name, String sk) {
    return Map.of("pk", AttributeValue.fromS(name), "sk", AttributeValue.fromS(sk));
  }

  private void remove(String name, String sk) {
    dynamo.putItem(request -> request.tableName(table).item(key(name, sk)));
    dynamo.deleteItem(request -> request.tableName(table).key(key(name, sk)));
  }

  private void removeIdentities(String... names) {
    for (String name : names) {
      remove(name, "IDENTITY");
    }
  }

  @Test
  void onlyWhatTheFilterAcceptsIsDelivered() throws InterruptedException {
    try (StreamPump pump = pump(10, false, 0, Optional.empty())) {
      removeIdentities("a");
      remove("b", "CREDENTIAL#x");
      removeIdentities("c");
      pump.awaitDrained(PATIENCE);
      assertThat(deliveries.stream().flatMap(List::stream)).containsExactly("a", "c");
      JsonObject record = pump.history().getFirst();
      assertThat(record.getString("eventSource")).isEqualTo("aws:dynamodb");
      assertThat(record.getString("eventSourceARN")).isEqualTo(streamArn);
      assertThat(record.getJsonObject("dynamodb").keySet())
          .contains(
              "ApproximateCreationDateTime",
              "Keys",
              "SequenceNumber",
              "SizeBytes",
              "StreamViewType");
    }
  }

  @Test
  void aPausedPumpDeliversNothingUntilItGoesOn() throws InterruptedException {
    try (StreamPump pump = pump(2, false, 0, Optional.empty())) {
      pump.pause();
      removeIdentities("a", "b", "c");
      assertThatIllegalStateException().isThrownBy(() -> pump.awaitDrained(Duration.ofMillis(300)));
      assertThat(deliveries).isEmpty();
      pump.resume();
      pump.awaitDrained(PATIENCE);
      assertThat(deliveries).containsExactly(List.of("a", "b"), List.of("c"));
    }
  }

  @Test
  void takenRecordsCanBeDeliveredInAnyOrderAndAgain() throws InterruptedException {
    try (StreamPump pump = pump(10, false, 0, Optional.empty())) {
      pump.pause();
      removeIdentities("a", "b");
      List<JsonObject> taken = pump.take();
      pump.deliver(taken.reversed());
      pump.deliver(List.of(taken.getFirst()));
      pump.resume();
      pump.awaitDrained(PATIENCE);
      assertThat(deliveries).containsExactly(List.of("b", "a"), List.of("a"));
    }
  }

  @Test
  void aReportedFailureIsRetriedFromThereOnAndAbandonedAtLast() throws InterruptedException {
    poison.add("b");
    try (StreamPump pump = pump(10, false, 1, Optional.empty())) {
      pump.pause();
      removeIdentities("a", "b", "c");
      pump.resume();
      pump.awaitDrained(PATIENCE);
      assertThat(deliveries).containsExactly(List.of("a", "b", "c"), List.of("b", "c"));
      assertThat(pump.abandoned()).extracting(StreamPumpIT::name).containsExactly("b", "c");
    }
  }

  @Test
  void bisectionLeavesThePoisonousRecordAlone() throws InterruptedException {
    poison.add("c");
    throwing = true;
    try (StreamPump pump = pump(10, true, 3, Optional.empty())) {
      pump.pause();
      removeIdentities("a", "b", "c", "d");
      pump.resume();
      pump.awaitDrained(PATIENCE);
      assertThat(pump.abandoned()).extracting(StreamPumpIT::name).containsExactly("c");
      assertThat(deliveries).contains(List.of("a", "b"), List.of("d"));
    }
  }

  @Test
  void aCheckpointKeepsWhatWasDeliveredFromComingAgain() throws InterruptedException {
    Optional<Path> checkpoint = Optional.of(directory.resolve("checkpoint.json"));
    removeIdentities("a");
    try (StreamPump pump = pump(10, false, 0, checkpoint)) {
      pump.awaitDrained(PATIENCE);
    }
    removeIdentities("b");
    try (StreamPump pump = pump(10, false, 0, checkpoint)) {
      pump.awaitDrained(PATIENCE);
    }
    assertThat(deliveries).containsExactly(List.of("a"), List.of("b"));
  }

  @Test
  void anItemThatExpiredIsRemovedInDynamoDbsName() throws InterruptedException {
    String log = table + "-log";
    Map<String, Object> properties =
        new HashMap<>(Template.load(Path.of("template.yaml"), Map.of(), Map.of()).table("Table"));
    properties.put("StreamSpecification", Map.of("StreamViewType", "NEW_AND_OLD_IMAGES"));
    String arn = new TableSetup(dynamo, log, properties).ensure().orElseThrow();
    for (long ttl : new long[] {1, 99_999_999_999L}) {
      Map<String, AttributeValue> item = new HashMap<>(key("p" + ttl, "s"));
      item.put("ttl", AttributeValue.fromN(Long.toString(ttl)));
      dynamo.putItem(request -> request.tableName(log).item(item));
      dynamo.deleteItem(request -> request.tableName(log).key(key("p" + ttl, "s")));
    }
    Template.StreamEvent all =
        new Template.StreamEvent("Log", 10, Duration.ofSeconds(9), false, true, 0, List.of());
    try (StreamPump pump =
        new StreamPump(
            new StreamReader(streams, arn, "ttl", Optional.empty()), all, this::target)) {
      pump.awaitDrained(PATIENCE);
      assertThat(pump.history())
          .filteredOn(record -> record.getString("eventName").equals("REMOVE"))
          .extracting(record -> name(record) + record.containsKey("userIdentity"))
          .containsExactly("p1true", "p99999999999false");
      assertThat(pump.history().getFirst().getJsonObject("dynamodb").getJsonObject("NewImage"))
          .containsKey("ttl");
    }
  }
}
