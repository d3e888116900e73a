package io.agentvault.vault;

import io.agentvault.evidence.Entry;
import io.agentvault.evidence.Log;
import io.agentvault.evidence.Wanted;
import io.agentvault.remote.Deadline;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * A log for tests in which time stands still and every request has the same id: it numbers the
 * records' keys on.
 */
final class UniqueKeys implements Log {
  private final Log log;
  private final AtomicInteger number = new AtomicInteger();

  UniqueKeys(Log log) {
    this.log = log;
  }

  @Override
  public void write(Entry entry, Deadline deadline) {
    log.write(numbered(entry), deadline);
  }

  @Override
  public void append(Entry entry, Deadline deadline) {
    log.append(entry, deadline);
  }

  @Override
  public TransactWriteItem line(Entry entry) {
    return log.line(numbered(entry));
  }

  @Override
  public Page page(
      String agent,
      Wanted wanted,
      Predicate<Entry> visible,
      int limit,
      Optional<String> after,
      Deadline deadline) {
    return log.page(agent, wanted, visible, limit, after, deadline);
  }

  private Entry numbered(Entry entry) {
    return new Entry(
        entry.agent(),
        "%s.%06d".formatted(entry.key(), number.incrementAndGet()),
        entry.at(),
        entry.action(),
        entry.label(),
        entry.actor(),
        entry.way(),
        entry.status(),
        entry.problem(),
        entry.credentialId(),
        entry.upstream(),
        entry.durationMs(),
        entry.requestId());
  }
}
