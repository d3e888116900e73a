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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Carries on every agent's chain, a batch of the stream at a time: one signature for all of it, and
 * for each agent one transaction that stands on the checkpoint before. A batch may come again, in
 * part or whole, and two may run at once: what is in the chain already is left out, and who comes
 * second writes nothing.
 */
public final class Scribe {
  /** The {@code typ} of a checkpoint's signature. */
  public static final String TYPE = "agent-vault-checkpoint+jws";

  /** Each record may move its own label's count, and a transaction holds 100 items. */
  private static final int MOST_CHANGES = 80;

  private final Proofs proofs;
  private final Past past;
  private final Judgement judgement;
  private final Signer signer;
  private final ObjectMapper json;
  private final Clock clock;

  Scribe(Proofs proofs, Signer signer, Duration retention, ObjectMapper json, Clock clock) {
    this.proofs = proofs;
    this.past = new Past(proofs, json);
    this.judgement = new Judgement(new EntryCodec(json), retention);
    this.signer = signer;
    this.json = json;
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
   * @throws Problem when no signature could be had: nothing was written
   */
  public Taken take(List<Change> changes, Deadline deadline) {
    Map<String, List<Change>> byAgent = new LinkedHashMap<>();
    for (Change change : Chapter.once(changes)) {
      change
          .agent()
          .ifPresent(
              agent -> byAgent.computeIfAbsent(agent, each -> new ArrayList<>()).add(change));
    }
    Set<String> unfinished = new TreeSet<>();
    List<Chapter> chapters = new ArrayList<>();
    byAgent.forEach(
        (agent, its) -> {
          try {
            chapters.addAll(chapters(agent, its, deadline));
          } catch (Problem problem) {
            unfinished.add(agent); // the others go on
          }
        });
    if (!chapters.isEmpty()) {
      write(chapters, unfinished, deadline);
    }
    return taken(byAgent, chapters, unfinished);
  }

  private List<Chapter> chapters(String agent, List<Change> changes, Deadline deadline) {
    Past.Known known = past.of(agent, changes, deadline);
    List<Change> news = new ArrayList<>();
    for (Change change : changes) {
      Optional<Finding> finding = judgement.finding(change);
      boolean record = change.kind() == Change.Kind.INSERT;
      if (record
          ? !known.keys().contains(change.key())
          : finding.isPresent() && !known.events().contains(change.event())) {
        news.add(change);
      }
    }
    List<Chapter> chapters = new ArrayList<>();
    Optional<Head> head = known.head();
    String greatest = known.greatest();
    for (List<Change> part : Chapter.parts(news, MOST_CHANGES)) {
      Chapter next = chapter(agent, head, greatest, part);
      chapters.add(next);
      head = Optional.of(next.head());
      greatest = next.greatest();
    }
    return chapters;
  }

  private Chapter chapter(
      String agent, Optional<Head> before, String greatestBefore, List<Change> changes) {
    RunningHash hash = before.map(Head::hash).orElseGet(() -> RunningHash.start(agent));
    String greatest = greatestBefore;
    List<String> keys = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (Change change : changes) {
      Optional<Finding> finding = judgement.finding(change);
      finding.ifPresent(findings::add);
      if (change.kind() == Change.Kind.INSERT) {
        hash = hash.then(change.key(), change.record().orElse(""));
        keys.add(change.key());
        greatest = change.key().compareTo(greatest) > 0 ? change.key() : greatest;
        judgement.entry(change).filter(entry -> finding.isEmpty()).ifPresent(entries::add);
      }
    }
    Head head = Head.after(before, agent, hash, findings, now(), json);
    return new Chapter(agent, head, greatest, keys, entries, findings);
  }

  private void write(List<Chapter> chapters, Set<String> unfinished, Deadline deadline) {
    MerkleTree tree = new MerkleTree(chapters.stream().map(each -> each.head().text()).toList());
    Instant now = now();
    String signed = signer.sign(TYPE, rootText(tree, now), deadline);
    for (int index = 0; index < chapters.size(); index++) {
      Chapter chapter = chapters.get(index);
      Checkpoint checkpoint =
          new Checkpoint(
              chapter.agent(),
              chapter.head(),
              now,
              chapter.keys(),
              chapter.greatest(),
              new Checkpoint.Path(index, tree.size(), tree.path(index)),
              tree.root(),
              signed);
      if (!unfinished.contains(chapter.agent()) && !append(checkpoint, chapter, deadline)) {
        unfinished.add(chapter.agent());
      }
    }
  }

  private boolean append(Checkpoint checkpoint, Chapter chapter, Deadline deadline) {
    try {
      Map<String, Uses> uses =
          new HashMap<>(proofs.uses(chapter.agent(), chapter.names(), deadline));
      for (Entry entry : chapter.entries()) {
        uses.compute(Uses.TOTAL, (name, old) -> orNone(name, old).recorded(entry));
        uses.compute(Uses.day(entry.at()), (name, old) -> orNone(name, old).recorded(entry));
        entry
            .label()
            .filter(label -> Uses.isUse(entry))
            .ifPresent(label -> uses.compute(label, (name, old) -> orNone(name, old).used(entry)));
      }
      return proofs.append(checkpoint, uses.values(), deadline);
    } catch (Problem problem) {
      return false; // delivered again, and looked up then
    }
  }

  private static Uses orNone(String name, @org.jspecify.annotations.Nullable Uses old) {
    return old == null ? Uses.none(name) : old;
  }

  private static String rootText(MerkleTree tree, Instant at) {
    return "{\"root\":\""
        + tree.root()
        + "\",\"size\":"
        + tree.size()
        + ",\"at\":\""
        + RecordKey.time(at)
        + "\"}";
  }

  private static Taken taken(
      Map<String, List<Change>> byAgent, List<Chapter> chapters, Set<String> unfinished) {
    Set<String> again = new TreeSet<>();
    unfinished.forEach(
        agent -> byAgent.getOrDefault(agent, List.of()).forEach(each -> again.add(each.event())));
    List<Finding> findings =
        chapters.stream()
            .filter(chapter -> !unfinished.contains(chapter.agent()))
            .flatMap(chapter -> chapter.findings().stream())
            .toList();
    return new Taken(findings, again);
  }

  private Instant now() {
    return clock.instant();
  }

  /**
   * What became of a batch.
   *
   * @param findings that are now stated in a checkpoint
   * @param again the events that are to be delivered again
   */
  public record Taken(List<Finding> findings, Set<String> again) {
    public Taken {
      findings = List.copyOf(findings);
      again = Set.copyOf(again);
    }
  }
}
