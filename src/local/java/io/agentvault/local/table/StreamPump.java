package io.agentvault.local.table;

import io.agentvault.local.host.Json;
import io.agentvault.local.runtime.Invocation;
import io.agentvault.local.template.EventPattern;
import io.agentvault.local.template.Template;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Feeds a function from the table's stream as Lambda's event source mapping does. A test can hold
 * it still, wait until it has nothing more to do, and deliver records itself in any order.
 */
public final class StreamPump implements AutoCloseable {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

  /** Of a stream that has been quiet for so long; many clouds may stand beside the one in use. */
  private static final Duration QUIET_INTERVAL = Duration.ofSeconds(1);

  private static final Duration QUIET = Duration.ofSeconds(5);

  /** A window of seconds is for the bill; here it is only there. */
  private static final Duration LONGEST_WINDOW = Duration.ofMillis(300);

  private final StreamReader reader;
  private final Duration window;
  private final List<JsonObject> patterns;
  private final StreamDelivery delivery;
  private final List<JsonObject> history = new CopyOnWriteArrayList<>();
  private final ReentrantLock reading = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private boolean paused;
  private boolean closed;
  private boolean hurried;
  private long passesBegun;
  private long emptyPass;
  private volatile long lastRecord = System.nanoTime();

  public StreamPump(
      StreamReader reader, Template.StreamEvent settings, StreamDelivery.Target target) {
    this.reader = reader;
    this.patterns = settings.filterPatterns().stream().map(Json::read).toList();
    this.window =
        settings.window().compareTo(LONGEST_WINDOW) < 0 ? settings.window() : LONGEST_WINDOW;
    this.delivery = new StreamDelivery(settings, target);
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
      List<JsonObject> records = gather();
      delivery.deliver(wanted(records));
      if (!records.isEmpty()) {
        lastRecord = System.nanoTime();
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

  /** What came, and within the window after it. */
  private List<JsonObject> gather() throws InterruptedException {
    List<JsonObject> records = reader.read();
    if (records.isEmpty() || window.isZero()) {
      return records;
    }
    Thread.sleep(window);
    List<JsonObject> gathered = new ArrayList<>(records);
    gathered.addAll(reader.read());
    return gathered;
  }

  private List<JsonObject> wanted(List<JsonObject> records) {
    List<JsonObject> wanted =
        records.stream().filter(record -> EventPattern.accepts(patterns, record)).toList();
    history.addAll(wanted);
    return wanted;
  }

  /** Waits for the next poll, and gives its number; 0 when closed. */
  private long awaitTurn() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = interval().toNanos();
      while (!closed && (paused || (left > 0 && !hurried))) {
        left = changed.awaitNanos(paused ? TimeUnit.SECONDS.toNanos(1) : left);
      }
      hurried = false;
      return closed ? 0 : ++passesBegun;
    } finally {
      lock.unlock();
    }
  }

  private Duration interval() {
    return System.nanoTime() - lastRecord < QUIET.toNanos() ? POLL_INTERVAL : QUIET_INTERVAL;
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
    return delivery.invoke(records);
  }

  /** Every record that passed the filter, in stream order. */
  public List<JsonObject> history() {
    return List.copyOf(history);
  }

  /** What the failure destination got: records whose retries are used up. */
  public List<JsonObject> abandoned() {
    return delivery.abandoned();
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
