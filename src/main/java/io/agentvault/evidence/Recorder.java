package io.agentvault.evidence;

import io.agentvault.evidence.Entry.Status;
import io.agentvault.evidence.Entry.Upstream;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Puts on record what callers do, before they are answered: what it throws is answered in place of
 * what was done.
 */
public final class Recorder {
  private final Log log;
  private final Optional<Consumer<Entry>> lines;

  private Recorder(Log log, Optional<Consumer<Entry>> lines) {
    this.log = log;
    this.lines = lines;
  }

  /** Everything in the log, durable. */
  public static Recorder durable(Log log) {
    return new Recorder(log, Optional.empty());
  }

  /**
   * Reads only as lines, which are lost when the instance dies first; the rest in the log.
   *
   * @param lines takes what is known of a read
   */
  public static Recorder withReadsAsLines(Log log, Consumer<Entry> lines) {
    return new Recorder(log, Optional.of(lines));
  }

  /** The record of a change, to be written in the same transaction as the change itself. */
  public TransactWriteItem change(Act act, Optional<String> credentialId) {
    return log.line(act.done(credentialId));
  }

  /**
   * The record of what changes nothing.
   *
   * @param isRead whether it is a read
   */
  public void done(Act act, boolean isRead, Optional<String> credentialId) {
    write(act.done(credentialId), isRead, act.deadline());
  }

  /**
   * Does some work of a proven caller, and puts on record when it fails. What nobody was proven for
   * is none, nor is what a fault of ours kept from being decided.
   *
   * @param isRead whether that is a read
   */
  public <T> T noting(
      Act act, boolean isRead, Supplier<Optional<String>> credentialId, Supplier<T> work) {
    try {
      return work.get();
    } catch (Unauthorized | Unavailable e) {
      throw e;
    } catch (Problem problem) {
      write(act.failed(problem, credentialId.get(), Optional.empty()), isRead, act.deadline());
      throw problem;
    }
  }

  private void write(Entry entry, boolean isRead, Deadline deadline) {
    if (isRead && lines.isPresent()) {
      lines.get().accept(entry);
    } else {
      log.write(entry, deadline);
    }
  }

  /** That a call to an upstream is about to be made. */
  public void attempt(Act act, String credentialId, Upstream upstream) {
    log.write(
        act.entry(
            Status.ATTEMPT, Optional.empty(), Optional.of(credentialId), Optional.of(upstream)),
        act.deadline());
  }

  /** That an upstream answered. */
  public void answered(Act act, String credentialId, Upstream upstream) {
    log.write(
        act.entry(
            Status.SUCCESS, Optional.empty(), Optional.of(credentialId), Optional.of(upstream)),
        act.deadline());
  }

  /** That a call to an upstream was not made, or not answered. */
  public void failed(Act act, String credentialId, Upstream upstream, Problem problem) {
    log.write(
        act.failed(problem, Optional.of(credentialId), Optional.of(upstream)), act.deadline());
  }

  /**
   * The line of a revocation, whose record is its receipt. It follows the receipt and is written
   * once, whoever comes first.
   *
   * @param revokedAt as the receipt says
   */
  public void revocation(String agent, String actor, Instant revokedAt, Deadline deadline) {
    log.append(
        new Entry(
            agent,
            RecordKey.ofRevocation(revokedAt),
            revokedAt,
            Entry.REVOCATION,
            Optional.empty(),
            actor,
            deadline.origin().way().text(),
            Status.SUCCESS,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            RecordKey.requestId(deadline)),
        deadline);
  }
}
