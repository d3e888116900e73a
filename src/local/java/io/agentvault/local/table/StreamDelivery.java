package io.agentvault.local.table;

import io.agentvault.local.host.Json;
import io.agentvault.local.runtime.Invocation;
import io.agentvault.local.template.Template;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Hands records to a function in batches, in order: partial failures, bisection, retries with
 * backoff, and at last a place for what could not be done.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html">batch
 *     item failures</a>
 */
final class StreamDelivery {
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  /** Runs the function on a stream event. */
  public interface Target {
    Invocation invoke(byte[] event) throws InterruptedException;
  }

  private final Template.StreamEvent settings;
  private final Target target;
  private final List<JsonObject> abandoned = new CopyOnWriteArrayList<>();

  StreamDelivery(Template.StreamEvent settings, Target target) {
    this.settings = settings;
    this.target = target;
  }

  /** Records whose retries are used up. */
  List<JsonObject> abandoned() {
    return List.copyOf(abandoned);
  }

  /** One event, whatever comes of it. */
  Invocation invoke(List<JsonObject> records) throws InterruptedException {
    return target.invoke(StreamRecords.event(records));
  }

  /** Returns when every record is done or abandoned. */
  void deliver(List<JsonObject> records) throws InterruptedException {
    for (int from = 0; from < records.size(); from += settings.batchSize()) {
      work(records.subList(from, Math.min(records.size(), from + settings.batchSize())), 0);
    }
  }

  private void work(List<JsonObject> batch, int failures) throws InterruptedException {
    List<JsonObject> rest = batch;
    int failed = failures;
    while (!rest.isEmpty()) {
      Invocation invocation = invoke(rest);
      List<JsonObject> left = left(rest, invocation);
      if (left.isEmpty()) {
        return;
      }
      failed = left.size() < rest.size() ? 1 : failed + 1;
      rest = left;
      if (settings.maximumRetries() >= 0 && failed > settings.maximumRetries()) {
        abandoned.addAll(rest);
        return;
      }
      if (invocation.failed() && settings.bisect() && rest.size() > 1) {
        work(rest.subList(0, rest.size() / 2), failed);
        rest = rest.subList(rest.size() / 2, rest.size());
      }
      pauseAfterFailure(failed);
    }
  }

  /** What is still to be done: from the first reported failure on, or everything. */
  private List<JsonObject> left(List<JsonObject> batch, Invocation invocation) {
    if (invocation.failed()) {
      return batch;
    }
    if (!settings.reportsItemFailures()) {
      return List.of();
    }
    List<String> failures = itemFailures(invocation.outcome().payload());
    for (int i = 0; i < batch.size(); i++) {
      if (failures.contains(StreamRecords.sequenceNumber(batch.get(i)))) {
        return batch.subList(i, batch.size());
      }
    }
    // An identifier of no record of the batch fails the batch.
    return failures.isEmpty() ? List.of() : batch;
  }

  private static List<String> itemFailures(byte[] payload) {
    List<String> identifiers = new ArrayList<>();
    try {
      JsonValue answer = Json.readValue(payload);
      if (answer instanceof JsonObject object && object.containsKey("batchItemFailures")) {
        for (JsonValue failure : object.getJsonArray("batchItemFailures")) {
          JsonValue identifier = failure.asJsonObject().get("itemIdentifier");
          identifiers.add(identifier instanceof JsonString text ? text.getString() : "");
        }
      }
    } catch (JsonException | ClassCastException e) {
      // Lambda takes an answer that is not of this shape for a whole failure.
      identifiers.add("");
    }
    return identifiers;
  }

  private void pauseAfterFailure(int failures) throws InterruptedException {
    long wait =
        Math.min(LAST_RETRY.toMillis(), FIRST_RETRY.toMillis() << Math.min(failures - 1, 10));
    Thread.sleep(Duration.ofMillis(wait));
  }
}
