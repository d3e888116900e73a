package io.agentvault.localcloud;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * Feeds a function from the table's stream as Lambda's event source mapping does: filter, batches,
 * partial failures, bisection, retries, and at last a place for what could not be done.
 */
public final class StreamPump implements AutoCloseable {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  /** Runs the function on a stream event. */
  interface Target {
    Invocation invoke(byte[] event) throws InterruptedException;
  }

  private final StreamReader reader;
  private final Template.StreamEvent settings;
  private final List<JsonObject> patterns;
  private final Target target;
  private final List<JsonObject> history = new CopyOnWriteArrayList<>();
  private final List<JsonObject> abandoned = new CopyOnWriteArrayList<>();
  private final ReentrantLock reading = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private boolean paused;
  private boolean closed;
  private boolean hurried;
  private long passesBegun;
  private long emptyPass;

  StreamPump(
      DynamoDbStreamsClient client,
      String streamArn,
      Template.StreamEvent settings,
      Target target,
      Optional<Path> checkpointFile) {
    this.reader = new StreamReader(client, streamArn, checkpointFile);
    this.settings = settings;
    this.patterns = settings.filterPatterns().stream().map(Json::read).toList();
    this.target = target;
    this.thread = Thread.ofVirtual().name("stream-pump").start(this::run);
  }

  private void run() {
    try {
      for (long pass = awaitTurn(); pass > 0; pass = awaitTurn()) {
        pass(pass);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(long number) throws InterruptedException {
    reading.lockInterruptibly();
    try {
      List<JsonObject> records = reader.read();
      List<JsonObject> wanted = wanted(records);
      for (int from = 0; from < wanted.size(); from += settings.batchSize()) {
        work(wanted.subList(from, Math.min(wanted.size(), from + settings.batchSize())), 0);
      }
      if (!records.isEmpty()) {
        reader.checkpoint();
      } else {
        tellEmpty(number);
      }
    } catch (SdkException e) {
      // The stream cannot be read now, as while DynamoDB Local goes down: the next pass tries
      // again.
      return;
    } finally {
      reading.unlock();
    }
  }

  private List<JsonObject> wanted(List<JsonObject> records) {
    List<JsonObject> wanted =
        records.stream().filter(record -> EventPattern.accepts(patterns, record)).toList();
    history.addAll(wanted);
    return wanted;
  }

  private void work(List<JsonObject> batch, int failures) throws InterruptedException {
    List<JsonObject> rest = batch;
    int failed = failures;
    while (!rest.isEmpty()) {
      Invocation invocation = target.invoke(StreamRecords.event(rest));
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

  /** Waits for the next poll, and gives its number; 0 when closed. */
  private long awaitTurn() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = POLL_INTERVAL.toNanos();
      while (!closed && (paused || (left > 0 && !hurried))) {
        left = changed.awaitNanos(paused ? TimeUnit.SECONDS.toNanos(1) : left);
      }
      hurried = false;
      return closed ? 0 : ++passesBegun;
    } finally {
      lock.unlock();
    }
  }

  private void tellEmpty(long pass) {
    lock.lock();
    try {
      emptyPass = pass;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Delivers nothing from now on; a batch under way goes on to its end. */
  public void pause() {
    set(true);
    awaitPassEnd();
  }

  /** Whoever pauses wants quiet: a pass that has begun is waited for. */
  private void awaitPassEnd() {
    reading.lock();
    try {
      hurried = false;
    } finally {
      reading.unlock();
    }
  }

  public void resume() {
    set(false);
  }

  private void set(boolean pause) {
    lock.lock();
    try {
      paused = pause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything written so far was delivered and dealt with; fails after so long. */
  public void awaitDrained(Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = timeout.toNanos();
      long begun = passesBegun;
      while (emptyPass <= begun) {
        if (left <= 0) {
          throw new IllegalStateException("the stream was not drained in " + timeout);
        }
        hurried = true;
        changed.signalAll();
        left -=
            Math.max(
                1,
                POLL_INTERVAL.toNanos()
                    - changed.awaitNanos(Math.min(left, POLL_INTERVAL.toNanos())));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes what waits in the stream, past the filter, instead of its delivery; pause first. */
  public List<JsonObject> take() {
    reading.lock();
    try {
      List<JsonObject> taken = new ArrayList<>();
      List<JsonObject> records = reader.read();
      while (!records.isEmpty()) {
        taken.addAll(wanted(records));
        records = reader.read();
      }
      reader.checkpoint();
      return taken;
    } finally {
      reading.unlock();
    }
  }

  /** Delivers records in one event, in this order, again or for the first time. */
  public Invocation deliver(List<JsonObject> records) throws InterruptedException {
    return target.invoke(StreamRecords.event(records));
  }

  /** Every record that passed the filter, in stream order. */
  public List<JsonObject> history() {
    return List.copyOf(history);
  }

  /** What the failure destination got: records whose retries are used up. */
  public List<JsonObject> abandoned() {
    return List.copyOf(abandoned);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }
}
