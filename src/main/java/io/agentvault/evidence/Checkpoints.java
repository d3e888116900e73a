package io.agentvault.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** An agent's chain, as those read it who don't write it. */
public final class Checkpoints {
  /** What stands in front of the last checkpoint that can be read is looked past so far. */
  private static final int LOOKED_AT = 5;

  private final Proofs proofs;

  Checkpoints(Proofs proofs) {
    this.proofs = proofs;
  }

  /**
   * On DynamoDB.
   *
   * @param table the records'
   */
  public static Checkpoints onDynamoDb(
      DynamoDbClient client, Backoff backoff, String table, ObjectMapper json) {
    return new Checkpoints(new DynamoDbProofs(client, backoff, table, Duration.ZERO, json));
  }

  /** The last head of an agent's chain; empty when it has none. */
  public Optional<Head> last(String agent, Deadline deadline) {
    return proofs.page(agent, true, Optional.empty(), LOOKED_AT, deadline).stream()
        .flatMap(kept -> kept.checkpoint().stream())
        .map(Checkpoint::head)
        .findFirst();
  }

  /**
   * Part of a chain, from its first checkpoint on.
   *
   * @param limit at most so many
   * @param after the place behind which to go on
   */
  public Page page(String agent, int limit, Optional<String> after, Deadline deadline) {
    List<Proofs.Kept> found = proofs.page(agent, false, after, limit + 1, deadline);
    List<Proofs.Kept> shown = found.subList(0, Math.min(limit, found.size()));
    return new Page(
        shown.stream().map(Proofs.Kept::checkpoint).toList(),
        found.size() > limit ? Optional.of(shown.getLast().place()) : Optional.empty());
  }

  /**
   * Part of a chain.
   *
   * @param checkpoints in order; empty for what stands in the place of one and can't be read
   * @param next the place behind which to go on, when there is more
   */
  public record Page(List<Optional<Checkpoint>> checkpoints, Optional<String> next) {
    public Page {
      checkpoints = List.copyOf(checkpoints);
    }
  }
}
