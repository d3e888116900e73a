package io.agentvault.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.IdentityItem;
import io.agentvault.identity.Revocation;
import io.agentvault.problem.Problem;
import io.agentvault.remote.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Records of the table's stream. Only the removal of an identity item means anything here; others,
 * which the event source's filter keeps away, are passed over.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html">
 *     Partial batch responses</a>
 */
public final class StreamEvent {
  private final List<Removal> removals;

  private StreamEvent(List<Removal> removals) {
    this.removals = removals;
  }

  /** The removals in an event, in the stream's order. */
  public static StreamEvent parse(byte[] bytes) {
    List<Removal> removals = new ArrayList<>();
    for (JsonNode item : Json.object("event", bytes).path("Records")) {
      removal(item).ifPresent(removals::add);
    }
    return new StreamEvent(removals);
  }

  private static Optional<Removal> removal(JsonNode item) {
    JsonNode change = item.path("dynamodb");
    JsonNode keys = change.path("Keys");
    if (!item.path("eventName").asText().equals("REMOVE")
        || !keys.path("sk").path("S").asText().equals(IdentityItem.SORT_KEY)) {
      return Optional.empty();
    }
    return IdentityItem.idOf(keys.path("pk").path("S").asText())
        .map(id -> new Removal(id, change.path("SequenceNumber").asText()));
  }

  /**
   * Finishes the revocation of each identity that was removed.
   *
   * @return which record to begin with next time, when one could not be finished
   */
  public byte[] finishAll(
      Revocation revocation, Deadline deadline, String invocationId, Consumer<String> lines) {
    ObjectNode response = Bodies.object();
    ArrayNode failures = response.putArray("batchItemFailures");
    for (Removal removal : removals) {
      ObjectNode line = Bodies.object();
      line.put("function", "reaper").put("requestId", invocationId);
      line.put("identity", removal.id().text());
      try {
        revocation.finish(removal.id(), deadline);
        lines.accept(line.put("outcome", "ok").toString());
      } catch (Problem problem) {
        lines.accept(line.put("outcome", problem.code()).toString());
        failures.addObject().put("itemIdentifier", removal.sequenceNumber());
        break; // Lambda begins again at the first failure
      }
    }
    return Json.bytes(response);
  }

  private record Removal(AgentId id, String sequenceNumber) {}
}
