package io.agentvault.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.crypto.Signer;
import io.agentvault.problem.Problem;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Carries on every agent's chain, a batch of the stream at a time: one signature for a thousand
 * agents, and for each agent one transaction that stands on the checkpoint before. A batch may come
 * again, in part or whole, and two may run at once: what is in the chain already is left out, and
 * who comes second writes nothing.
 */
public final class Scribe {
  /** The {@code typ} of a checkpoint's signature. */
  public static final String TYPE = "agent-vault-checkpoint+jws";

  /** Each record may move its own label's count, and a transaction holds 100 items. */
  private static final int MOST_CHANGES = 80;

  /** Of one tree: each doubling makes every path 32 bytes longer. */
  private static final int MOST_HEADS = 1024;

  /** What of the time is for reading; the rest is for the signature and for writing. */
  private static final int READING_SHARE = 2;

  private final Proofs proofs;
  private final Past past;
  private final Chapters chapters;
  private final Signer signer;
  private final Clock clock;

  Scribe(Proofs proofs, Signer signer, Duration retention, ObjectMapper json, Clock clock) {
    this.proofs = proofs;
    this.past = new Past(proofs, json);
    this.chapters = new Chapters(retention, json, clock);
    this.signer = signer;
    this.clock = clock;
  }

  /** On DynamoDB. */
  public static Scribe onDynamoDb(
      DynamoDbClient client,
      Backoff backoff,
      String table,
      Signer signer,
      Duration retention,
      ObjectMapper json,
      Clock clock) {
    return new Scribe(
        new DynamoDbProofs(client, backoff, table, retention, json),
        signer,
        retention,
        json,
        clock);
  }

  /**
   * Takes changes into the chains of their agents.
   *
   * @param changes in the stream's order
   * @return what was found, and which changes are to be delivered again
   */
  public Taken take(List<Change> changes, Deadline deadline) {
    Map<String, List<Change>> byAgent = new LinkedHashMap<>();
    for (Change change : Chapter.once(changes)) {
      change
          .agent()
          .ifPresent(
              agent -> byAgent.computeIfAbsent(agent, each -> new ArrayList<>()).add(change));
    }
    Outcome outcome = new Outcome(byAgent, clock);
    List<Chapter> next = read(byAgent, outcome, deadline);
    for (int from = 0; from < next.size(); from += MOST_HEADS) {
      write(next.subList(from, Math.min(next.size(), from + MOST_HEADS)), outcome, deadline);
    }
    return outcome.taken();
  }

  /** As far as the time goes: a batch that is too much is done in parts, never not at all. */
  private List<Chapter> read(
      Map<String, List<Change>> byAgent, Outcome outcome, Deadline deadline) {
    List<Chapter> next = new ArrayList<>();
    Duration rest = deadline.remaining().dividedBy(READING_SHARE);
    for (Map.Entry<String, List<Change>> each : byAgent.entrySet()) {
      if (deadline.allows(rest)) {
        outcome.attempt(
            each.getKey(),
            () -> {
              Past.Known known = past.of(each.getKey(), each.getValue(), deadline);
              next.addAll(chapters.of(each.getKey(), known, each.getValue(), MOST_CHANGES));
            });
      } else {
        outcome.postponed(each.getKey());
      }
    }
    return next;
  }

  private void write(List<Chapter> next, Outcome outcome, Deadline deadline) {
    MerkleTree tree = new MerkleTree(next.stream().map(each -> each.head().text()).toList());
    Instant now = clock.instant();
    String signed;
    try {
      signed = signer.sign(TYPE, RootSignature.payload(tree.root(), tree.size(), now), deadline);
    } catch (Problem problem) {
      outcome.unsigned(next, problem);
      return;
    }
    for (int index = 0; index < next.size(); index++) {
      Chapter chapter = next.get(index);
      Checkpoint.Path path = new Checkpoint.Path(index, tree.size(), tree.path(index));
      Checkpoint checkpoint = chapter.under(path, tree.root(), signed, now);
      outcome.attempt(
          chapter.agent(),
          () -> {
            if (append(checkpoint, chapter, deadline)) {
              outcome.wrote(chapter);
            } else {
              outcome.postponed(chapter.agent()); // somebody else went on
            }
          });
    }
  }

  private boolean append(Checkpoint checkpoint, Chapter chapter, Deadline deadline) {
    Map<String, Uses> uses = new HashMap<>(proofs.uses(chapter.agent(), chapter.names(), deadline));
    for (Entry entry : chapter.entries()) {
      uses.compute(Uses.TOTAL, (name, old) -> orNone(name, old).recorded(entry));
      entry
          .label()
          .filter(label -> Uses.isUse(entry))
          .ifPresent(label -> uses.compute(label, (name, old) -> orNone(name, old).used(entry)));
    }
    return proofs.append(checkpoint, uses.values(), deadline);
  }

  private static Uses orNone(String name, @Nullable Uses old) {
    return old == null ? Uses.none(name) : old;
  }

  /**
   * What became of a batch.
   *
   * @param findings that are now stated in a checkpoint
   * @param again the events that are to be delivered again
   * @param givenUp the events that no checkpoint will cover, because every try to read or extend
   *     their agent's chain failed by a defect
   * @param faults the codes of what was in the way
   */
  public record Taken(
      List<Finding> findings, Set<String> again, Set<String> givenUp, Set<String> faults) {
    public Taken {
      findings = List.copyOf(findings);
      again = Set.copyOf(again);
      givenUp = Set.copyOf(givenUp);
      faults = Set.copyOf(faults);
    }
  }
}
