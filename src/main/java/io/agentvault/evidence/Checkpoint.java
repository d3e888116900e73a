package io.agentvault.evidence;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What proves an agent's records so far.
 *
 * @param agent whose
 * @param head what it says (Evidence §3)
 * @param at when it was made
 * @param keys of the records that it adds, in the order in which they were hashed
 * @param greatest the greatest key of all records up to here; empty when there is none
 * @param path from the head to the root (Evidence §4.2)
 * @param root of the batch's tree
 * @param signed the root's signature (Evidence §4.3)
 * @param kept how long every record from the last such checkpoint on is kept at least; what comes
 *     after is held to no more, until all of a checkpoint's are kept longer
 */
public record Checkpoint(
    String agent,
    Head head,
    Instant at,
    List<String> keys,
    String greatest,
    Path path,
    String root,
    String signed,
    Duration kept) {
  public Checkpoint {
    keys = List.copyOf(keys);
  }

  /**
   * A path of RFC 9162 §2.1.3.1.
   *
   * @param index of the leaf
   * @param size of the tree
   * @param hashes from the leaf upwards
   */
  public record Path(int index, int size, List<String> hashes) {
    public Path {
      hashes = List.copyOf(hashes);
    }
  }
}
