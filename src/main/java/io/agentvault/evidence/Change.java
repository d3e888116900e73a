package io.agentvault.evidence;

import java.time.Instant;
import java.util.Optional;

/**
 * What the stream of the records' table says that was done to an item.
 *
 * @param partition the item's partition
 * @param key its place there
 * @param kind what was done
 * @param record the record's text; after an insert as it is, else as it was
 * @param keptUntil the item's {@code ttl} likewise, in seconds since 1970
 * @param at about when
 * @param event the stream's name of it, the same at every delivery
 */
public record Change(
    String partition,
    String key,
    Kind kind,
    Optional<String> record,
    Optional<Long> keptUntil,
    Instant at,
    String event) {
  private static final String PROOFS = CheckpointItem.PARTITION_PREFIX;

  /** What can be done to an item. */
  public enum Kind {
    /** It is new. */
    INSERT,
    /** It was put again or updated. */
    MODIFY,
    /** Somebody deleted it. */
    REMOVE,
    /** DynamoDB itself deleted it, as its {@code ttl} said. */
    EXPIRE
  }

  /** Whose record or checkpoint it is; empty for what is neither, which proves nothing. */
  Optional<String> agent() {
    if (isRecord()) {
      return Optional.of(partition.substring(DynamoDbLog.PARTITION_PREFIX.length()));
    }
    boolean checkpoint = partition.startsWith(PROOFS) && kind != Kind.INSERT;
    return checkpoint ? Optional.of(partition.substring(PROOFS.length())) : Optional.empty();
  }

  boolean isRecord() {
    return partition.startsWith(DynamoDbLog.PARTITION_PREFIX);
  }
}
