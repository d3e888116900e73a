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

/**
 * Records of the table's stream. Only the removal of an identity item means anything here; others,
 * which the event source's filter keeps away, are passed over.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html">
 *     Partial batch responses</a>
 */
public final class StreamEvent {
  private final Revocation revocation;
  private final RequestLog log;

  public StreamEvent(Revocation revocation, RequestLog log) {
    this.revocation = revocation;
    this.log = log;
  }

  /**
   * Finishes the revocation of each identity whose removal is in an event, in the stream's order.
   *
   * @param invocationId Lambda's name of this invocation
   * @return which record to begin with next time, when one could not be finished
   * @throws Problem when it is no event at all
   */
  public byte[] finishAll(byte[] event, String invocationId, Deadline deadline) {
    RequestLog.Entry entry = log.begin("reaper", invocationId, deadline);
    try {
      List<Removal> removals = removals(event);
      entry.reaps(removals.stream().map(Removal::id).toList());
      return finish(removals, entry, deadline);
    } catch (Problem problem) {
      entry.failed(problem);
      throw problem;
    } finally {
      entry.end();
    }
  }

  private byte[] finish(List<Removal> removals, RequestLog.Entry entry, Deadline deadline) {
    ObjectNode response = Bodies.object();
    ArrayNode failures = response.putArray("batchItemFailures");
    for (Removal removal : removals) {
      if (!finish(removal, entry, deadline)) {
        failures.addObject().put("itemIdentifier", removal.sequenceNumber());
        break; // Lambda begins again at the first failure
      }
    }
    return Json.bytes(response);
  }

  private boolean finish(Removal removal, RequestLog.Entry entry, Deadline deadline) {
    try {
      boolean finished = revocation.finish(removal.id(), deadline);
      if (!finished) {
        entry.unfinished();
      }
      return finished;
    } catch (Problem problem) {
      entry.failed(problem);
      return false;
    }
  }

  private static List<Removal> removals(byte[] event) {
    List<Removal> removals = new ArrayList<>();
    for (JsonNode item : Json.object("event", event).path("Records")) {
      removal(item).ifPresent(removals::add);
    }
    return removals;
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

  private record Removal(AgentId id, String sequenceNumber) {}
}
