package io.agentvault.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Where records are written, before the answer that they are about, and read again. */
public interface Log {
  /**
   * Writes a record of its own. When this returns, the record is durable.
   *
   * @throws Unavailable when it may not have been written: the answer must not be given
   */
  void write(Entry entry, Deadline deadline);

  /**
   * Writes a record unless there is one of its key, which then stands for it.
   *
   * @throws Unavailable when it may not have been written
   */
  void append(Entry entry, Deadline deadline);

  /**
   * The record as a part of somebody's transaction, which then is written with it or not at all.
   */
  TransactWriteItem line(Entry entry);

  /**
   * Records of an agent, newest first.
   *
   * @param wanted which of them
   * @param visible which of them whoever asks may see
   * @param limit at most so many
   * @param after only those older than this key
   */
  Page page(
      String agent,
      Wanted wanted,
      Predicate<Entry> visible,
      int limit,
      Optional<String> after,
      Deadline deadline);

  /**
   * Records on DynamoDB.
   *
   * @param table the records' own
   * @param retention how long a record is kept
   * @param json writes a record on one line
   */
  static Log onDynamoDb(
      DynamoDbClient client, Backoff backoff, String table, Duration retention, ObjectMapper json) {
    return new DynamoDbLog(client, backoff, table, retention, new EntryCodec(json));
  }

  /**
   * Part of the time.
   *
   * @param since the first key's beginning; empty for all from the first on
   * @param until before which keys stand; empty for all to the last
   */
  record Range(Optional<String> since, Optional<String> until) {
    /** Whether nothing can stand in it, which DynamoDB takes for a malformed question. */
    boolean isEmpty() {
      return since.isPresent() && until.isPresent() && since.get().compareTo(until.get()) >= 0;
    }
  }

  /**
   * Part of a log.
   *
   * @param entries newest first
   * @param next the key behind which to go on, when there may be more
   */
  record Page(List<Entry> entries, Optional<String> next) {
    public Page {
      entries = List.copyOf(entries);
    }
  }
}
