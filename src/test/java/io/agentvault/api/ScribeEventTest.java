package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.crypto.FakeSigner;
import io.agentvault.evidence.Checkpoints;
import io.agentvault.evidence.Scribe;
import io.agentvault.identity.table.InMemoryTable;
import io.agentvault.problem.BadRequest;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.kms.model.DisabledException;

/** Lambda's event of the records' table, and what Lambda is answered. */
class ScribeEventTest {
  private static final String ALL_DONE = "{\"batchItemFailures\":[]}";
  private static final Duration RETENTION = Duration.ofDays(90);

  private final MutableClock clock = new MutableClock();
  private final InMemoryTable table = new InMemoryTable();
  private final FakeSigner signer = new FakeSigner();
  private final Backoff backoff = new Backoff(() -> 0, duration -> {});
  private final Deadline deadline = Deadline.after(Duration.ofDays(1000), clock);
  private final List<String> lines = new ArrayList<>();
  private final Scribe scribe =
      Scribe.onDynamoDb(table, backoff, InMemoryTable.LOG, signer, RETENTION, Json.MAPPER, clock);
  private final ScribeEvent event = new ScribeEvent(scribe, new RequestLog(lines::add, false));
  private final Checkpoints checkpoints =
      Checkpoints.onDynamoDb(table, backoff, InMemoryTable.LOG, Json.MAPPER);

  @Test
  void recordsBecomeOneCheckpointOfTheirAgentAndALineWithoutThem() {
    assertThat(take(inserted("a", 1), inserted("b", 2), inserted("a", 3))).isEqualTo(ALL_DONE);

    assertThat(checkpoints.last("a", deadline).orElseThrow().hash().records()).isEqualTo(2);
    assertThat(checkpoints.last("b", deadline).orElseThrow().number()).isEqualTo(1);
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst())
        .contains(
            "\"function\":\"scribe\"",
            "\"operation\":\"scribe.take\"",
            "\"outcome\":\"ok\"",
            "\"changes\":3",
            "\"tampering\":0",
            "\"givenUp\":0")
        .doesNotContain("key-1", "api.example.com");
  }

  @ParameterizedTest
  @CsvSource({"MODIFY, changed", "REMOVE, removed"})
  void whatSomebodyTouchesIsInTheLineByWhichTheAlarmGoes(String name, String what) {
    ObjectNode record = inserted("a", 1);
    take(record);
    take(touched(record, name));

    assertThat(lines.getLast())
        .contains("\"tampering\":1")
        .contains("\"findings\":[{\"agent\":\"a\",\"what\":\"" + what + "\",\"key\":\"")
        .doesNotContain("key-1");
    assertThat(checkpoints.last("a", deadline).orElseThrow().text()).contains(what);
  }

  @Test
  void onlyDynamoDbsOwnRemovalInTimeIsAnExpiry() {
    ObjectNode record = inserted("a", 1);
    take(record);
    clock.advance(RETENTION.plusSeconds(1));
    ObjectNode removed = touched(record, "REMOVE");
    ((ObjectNode) removed.path("dynamodb"))
        .put("ApproximateCreationDateTime", clock.instant().getEpochSecond());
    removed.putObject("userIdentity").put("type", "Service").put("principalId", "me.example.com");
    take(removed);
    assertThat(lines.getLast()).contains("\"tampering\":1");

    ObjectNode expired = removed.deepCopy().put("eventID", "another");
    ((ObjectNode) expired.path("userIdentity")).put("principalId", "dynamodb.amazonaws.com");
    take(expired);
    assertThat(lines.getLast()).contains("\"tampering\":0");
  }

  @Test
  void whereNothingCanBeSignedEverythingComesAgainAndTheLineSaysWhy() {
    signer.fault = DisabledException.builder().statusCode(400).build();

    assertThat(take(inserted("a", 1), inserted("b", 2)))
        .isEqualTo(
            "{\"batchItemFailures\":[{\"itemIdentifier\":\"1\"},{\"itemIdentifier\":\"2\"}]}");
    assertThat(lines.getLast())
        .contains("\"outcome\":\"unavailable\"", "\"faults\":[\"key service: DisabledException\"]");
    signer.fault = null;
    assertThat(take(inserted("a", 1), inserted("b", 2))).isEqualTo(ALL_DONE);
  }

  @Test
  void whatIsNoChangeOfARecordIsPassedOver() {
    ObjectNode record = inserted("a", 1);
    ObjectNode other = record.deepCopy();
    ((ObjectNode) other.at("/dynamodb/Keys/pk")).put("S", "USES#a");
    assertThat(
            take(
                other,
                record.deepCopy().put("eventName", "EVOLVE"),
                Events.json("{}"),
                Events.json("{'eventName':'INSERT','dynamodb':7}")))
        .isEqualTo(ALL_DONE);
    assertThat(checkpoints.last("a", deadline)).isEmpty();
    assertThat(signer.signs).isEmpty();
    for (String empty : List.of("{}", "{\"Records\":null}", "{\"Records\":[null,7,\"x\"]}")) {
      assertThat(new String(event.take(empty.getBytes(UTF_8), "i", deadline), UTF_8))
          .isEqualTo(ALL_DONE);
    }
    assertThatThrownBy(() -> event.take("[".getBytes(UTF_8), "i", deadline))
        .isInstanceOf(BadRequest.class);
  }

  private String take(ObjectNode... records) {
    ObjectNode all = Events.json("{}");
    all.putArray("Records").addAll(List.of(records));
    return new String(event.take(all.toString().getBytes(UTF_8), "invocation-1", deadline), UTF_8);
  }

  private static ObjectNode touched(ObjectNode inserted, String name) {
    ObjectNode touched = inserted.deepCopy().put("eventName", name).put("eventID", name);
    ObjectNode dynamodb = (ObjectNode) touched.path("dynamodb");
    dynamodb.set("OldImage", dynamodb.remove("NewImage"));
    return touched;
  }

  private ObjectNode inserted(String agent, int number) {
    Instant at = clock.instant();
    String key = at + "#r" + number + "#1";
    long keptUntil = at.plus(RETENTION).getEpochSecond();
    ObjectNode record = Events.json("{'action':'vault.get','actor':'key-1','way':'http'}");
    record.put("agent", agent).put("id", key).put("at", at.toString());
    record.put("status", "success").put("keptUntil", keptUntil);
    ObjectNode change = Events.json("{'eventName':'INSERT','dynamodb':{'Keys':{},'NewImage':{}}}");
    change.put("eventID", "e" + number);
    ObjectNode dynamodb = (ObjectNode) change.path("dynamodb");
    dynamodb.put("SequenceNumber", Integer.toString(number));
    dynamodb.put("ApproximateCreationDateTime", at.getEpochSecond());
    ObjectNode keys = (ObjectNode) dynamodb.path("Keys");
    keys.putObject("pk").put("S", "LOG#" + agent);
    keys.putObject("sk").put("S", key);
    ObjectNode image = (ObjectNode) dynamodb.path("NewImage");
    image.putObject("record").put("S", record.toString());
    image.putObject("ttl").put("N", Long.toString(keptUntil));
    return change;
  }
}
