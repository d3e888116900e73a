package io.agentvault.evidence;

import io.agentvault.remote.Deadline;
import io.agentvault.remote.Times;
import io.agentvault.remote.Transactions;
import java.time.Instant;

/** Evidence §1.2: the keys of records. */
public final class RecordKey {
  private static final int LONGEST_REQUEST_ID = 64;

  private RecordKey() {}

  /**
   * A key that no other record of this agent has: a request's own are told apart by the storage
   * calls that were made before each, of which the record before it is one.
   */
  public static String of(Instant at, Deadline deadline) {
    return time(at)
        + "#"
        + requestId(deadline)
        + "#"
        + deadline.roundTrips().calls(Transactions.STORAGE);
  }

  /** The one of a revocation at that instant: whoever writes its line writes this one. */
  static String ofRevocation(Instant revokedAt) {
    return time(revokedAt) + "#revocation#0";
  }

  /** What all keys from that instant on are not less than. */
  public static String time(Instant at) {
    return Times.text(at);
  }

  /** When the record of a key was made. */
  static Instant instant(String key) {
    int end = key.indexOf('#');
    return Instant.parse(end < 0 ? key : key.substring(0, end));
  }

  /** A direct invocation's comes from whoever invokes: only what a request id may consist of. */
  static String requestId(Deadline deadline) {
    String id = deadline.origin().requestId().replaceAll("[^A-Za-z0-9=_.-]", "");
    return id.substring(0, Math.min(id.length(), LONGEST_REQUEST_ID));
  }
}
