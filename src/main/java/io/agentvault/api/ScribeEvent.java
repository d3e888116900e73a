package io.agentvault.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.evidence.Change;
import io.agentvault.evidence.Scribe;
import io.agentvault.problem.Problem;
import io.agentvault.remote.Deadline;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes of the records' table, of which the scribe makes checkpoints. What can't be done now is
 * named, so that Lambda delivers again from the first of it on; what comes again though it was done
 * is left out by the scribe.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html">
 *     Partial batch responses</a>
 */
public final class ScribeEvent {
  private final Scribe scribe;
  private final RequestLog log;

  public ScribeEvent(Scribe scribe, RequestLog log) {
    this.scribe = scribe;
    this.log = log;
  }

  /**
   * Takes the changes of an event into the chains of their agents.
   *
   * @param invocationId Lambda's name of this invocation
   * @return which records are to come again
   * @throws Problem when it is no event at all
   */
  public byte[] take(byte[] event, String invocationId, Deadline deadline) {
    RequestLog.Entry entry = log.begin("scribe", invocationId, deadline);
    try {
      List<Streamed> streamed = new ArrayList<>();
      for (JsonNode item : Json.object("event", event).path("Records")) {
        Streamed.of(item).ifPresent(streamed::add);
      }
      List<Change> changes = streamed.stream().map(Streamed::change).toList();
      Scribe.Taken taken = scribe.take(changes, deadline);
      entry.took(changes.size(), taken);
      return Json.bytes(failures(streamed, taken));
    } catch (Problem problem) {
      entry.failed(problem);
      throw problem;
    } finally {
      entry.end();
    }
  }

  private static ObjectNode failures(List<Streamed> streamed, Scribe.Taken taken) {
    ObjectNode response = Bodies.object();
    ArrayNode failures = response.putArray("batchItemFailures");
    streamed.stream()
        .filter(each -> taken.again().contains(each.change().event()))
        .forEach(each -> failures.addObject().put("itemIdentifier", each.sequenceNumber()));
    return response;
  }
}
