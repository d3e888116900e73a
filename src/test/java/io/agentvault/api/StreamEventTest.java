package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.identity.AgentId;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.IdentityItem;
import io.agentvault.identity.table.Faults;
import io.agentvault.problem.BadRequest;
import io.agentvault.vault.Contents;
import io.agentvault.vault.Label;
import io.agentvault.vault.Precondition;
import io.agentvault.vault.World;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamEventTest {
  private static final String ALL_DONE = "{\"batchItemFailures\":[]}";

  private final World world = new World();
  private final List<String> lines = new ArrayList<>();
  private final StreamEvent removals =
      new StreamEvent(world.revocation, new RequestLog(lines::add, false));

  @Test
  void theRemovalOfAnIdentityIsFinished() {
    AgentId id = removed();

    assertThat(reap(removal(id, 1))).isEqualTo(ALL_DONE);
    assertThat(world.partition(id)).isEmpty();
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst())
        .startsWith(
            "{\"function\":\"reaper\",\"requestId\":\"invocation-1\",\"coldStart\":true,"
                + "\"identities\":[\""
                + id
                + "\"],\"operation\":\"reaper.finish\",\"outcome\":\"ok\",\"durationMs\":0.0,"
                + "\"storageCalls\":4,");
  }

  @Test
  void theFirstRemovalThatFailsIsReportedAndThoseBehindItAreLeft() {
    AgentId first = removed();
    AgentId second = removed();
    AgentId third = removed();
    world.table.reset();
    world.table.fail(6, Faults.outage()); // two reads, a query, a deletion: then the second's

    String answer = reap(removal(first, 11), removal(second, 12), removal(third, 13));
    assertThat(answer).isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"12\"}]}");
    assertThat(world.partition(first)).isEmpty();
    assertThat(world.partition(second)).isNotEmpty();
    assertThat(world.partition(third)).isNotEmpty();
    assertThat(lines).hasSize(1);
    assertThat(lines.getLast())
        .contains(first.text(), second.text(), third.text())
        .contains("\"outcome\":\"unavailable\"");
    assertThat(reap(removal(second, 12), removal(third, 13))).isEqualTo(ALL_DONE);
    assertThat(world.partition(third)).isEmpty();
  }

  @Test
  void aVaultTooLargeForOneInvocationIsReportedForTheNextAndIsNoFailure() {
    AgentId id = removed();
    world.table.pageSize(1);
    world.table.reset();
    world.table.before(4, () -> world.clock.advance(World.INVOCATION));

    assertThat(reap(removal(id, 11)))
        .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"11\"}]}");
    assertThat(lines.getLast()).contains("\"outcome\":\"unfinished\"");
    assertThat(reap(removal(id, 11))).isEqualTo(ALL_DONE);
    assertThat(world.partition(id)).isEmpty();
  }

  @Test
  void aRedeliveredRemovalChangesNothing() {
    AgentId id = removed();
    reap(removal(id, 1));
    var before = world.table.items();

    assertThat(reap(removal(id, 1), removal(id, 2))).isEqualTo(ALL_DONE);
    assertThat(world.table.items()).isEqualTo(before);
  }

  @Test
  void aRemovalOfAnIdentityThatLivesChangesNothing() {
    AgentId id = vault();
    var before = world.table.items();

    assertThat(reap(removal(id, 1))).isEqualTo(ALL_DONE);
    assertThat(world.table.items()).isEqualTo(before);
  }

  @Test
  void otherRecordsArePassedOver() {
    AgentId id = vault();
    world.table.takeAway(IdentityItem.key(id));
    var before = world.table.items();
    String removal = removal(id, 1);

    assertThat(
            reap(
                removal.replace("REMOVE", "INSERT"),
                removal.replace("REMOVE", "MODIFY"),
                removal.replace("'IDENTITY'", "'CREDENTIAL#label'"),
                removal.replace("'IDENTITY'", "'RECEIPT'"),
                removal.replace("AGENT#", "RECEIPT#"),
                removal.replace(id.text(), "x"),
                removal.replace("'Keys'", "'keys'"),
                "{}",
                "7",
                "'text'",
                "null",
                "[]"))
        .isEqualTo(ALL_DONE);
    assertThat(world.table.items()).isEqualTo(before);
    assertThat(lines).hasSize(1).allMatch(line -> line.contains("\"identities\":[]"));
  }

  @Test
  void anEventWithoutRecordsIsDone() {
    for (String event :
        List.of("{}", "{\"Records\":[]}", "{\"Records\":null}", "{\"Records\":7}")) {
      assertThat(finish(event)).isEqualTo(ALL_DONE);
    }
  }

  @Test
  void anEventThatIsNoObjectIsABadRequest() {
    assertThatThrownBy(() -> finish("[]")).isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> finish("canary"))
        .isInstanceOf(BadRequest.class)
        .hasMessageNotContaining("canary");
    assertThat(lines)
        .hasSize(2)
        .allMatch(line -> line.contains("\"outcome\":\"bad_request\""))
        .noneMatch(line -> line.contains("canary"));
  }

  /** A vault whose identity was taken away without a receipt. */
  private AgentId removed() {
    AgentId id = vault();
    world.table.takeAway(IdentityItem.key(id));
    return id;
  }

  private AgentId vault() {
    AgentKey key = world.agent();
    world
        .vault()
        .store(
            key,
            Label.parse("bank"),
            Contents.custom("{}"),
            new Precondition.None(),
            world.deadline());
    world.table.reset();
    return key.claimedId();
  }

  private static String removal(AgentId id, int sequenceNumber) {
    return "{'eventName':'REMOVE','dynamodb':{'Keys':{'pk':{'S':'AGENT#"
        + id
        + "'},'sk':{'S':'IDENTITY'}},'SequenceNumber':'"
        + sequenceNumber
        + "'}}";
  }

  private String reap(String... records) {
    return finish("{'Records':[" + String.join(",", records) + "]}");
  }

  private String finish(String event) {
    return new String(
        removals.finishAll(
            event.replace('\'', '"').getBytes(UTF_8), "invocation-1", world.deadline()),
        UTF_8);
  }
}
