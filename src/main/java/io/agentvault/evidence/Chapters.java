package io.agentvault.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.evidence.Past.Known;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a batch adds to an agent's chain. */
final class Chapters {
  /**
   * What an agent's first records are held to, whatever the retention is: it may have been raised
   * while they were on their way. It is the least that a deployment can set.
   */
  private static final Duration LEAST_RETENTION = Duration.ofDays(1);

  private final Judgement judgement;
  private final Duration retention;
  private final ObjectMapper json;
  private final Clock clock;

  Chapters(Duration retention, ObjectMapper json, Clock clock) {
    this.judgement = new Judgement(new EntryCodec(json));
    this.retention = retention;
    this.json = json;
    this.clock = clock;
  }

  /**
   * The chapters of what is new in {@code changes}; none when nothing is.
   *
   * @param most changes in each
   */
  List<Chapter> of(String agent, Known known, List<Change> changes, int most) {
    List<Chapter> chapters = new ArrayList<>();
    Before before = before(known);
    for (List<Change> part : Chapter.parts(news(known, changes, before.kept()), most)) {
      List<Finding> unreadable =
          chapters.isEmpty()
              ? known.unreadable().stream()
                  .filter(finding -> !known.events().contains(finding.event()))
                  .toList()
              : List.of();
      Chapter next = chapter(agent, before, unreadable, part);
      chapters.add(next);
      before =
          new Before(Optional.of(next.head()), next.head().number(), next.greatest(), next.kept());
    }
    return chapters;
  }

  private Before before(Known known) {
    Duration kept = known.last().map(Checkpoint::kept).orElse(LEAST_RETENTION);
    return new Before(
        known.last().map(Checkpoint::head),
        known.number(),
        known.greatest(),
        kept.compareTo(retention) < 0 ? kept : retention);
  }

  private List<Change> news(Known known, List<Change> changes, Duration kept) {
    List<Change> news = new ArrayList<>();
    for (Change change : changes) {
      if (change.kind() == Change.Kind.INSERT
          ? !known.keys().contains(change.key())
          : judgement.finding(change, kept).isPresent()
              && !known.events().contains(change.event())) {
        news.add(change);
      }
    }
    return news;
  }

  private Chapter chapter(
      String agent, Before before, List<Finding> unreadable, List<Change> changes) {
    RunningHash hash = before.head().map(Head::hash).orElseGet(() -> RunningHash.start(agent));
    String greatest = before.greatest();
    List<String> keys = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    List<Finding> findings = new ArrayList<>(unreadable);
    for (Change change : changes) {
      Optional<Finding> finding = judgement.finding(change, before.kept());
      finding.ifPresent(findings::add);
      if (change.kind() == Change.Kind.INSERT) {
        hash = hash.then(change.key(), change.record().orElse(""));
        keys.add(change.key());
        greatest = change.key().compareTo(greatest) > 0 ? change.key() : greatest;
        judgement.entry(change).filter(entry -> finding.isEmpty()).ifPresent(entries::add);
      }
    }
    boolean all = changes.stream().allMatch(each -> judgement.isKept(each, retention));
    Head head =
        Head.after(
            before.head(), before.number() + 1, agent, hash, findings, clock.instant(), json);
    return new Chapter(
        agent, head, greatest, keys, entries, findings, all ? retention : before.kept());
  }

  private record Before(Optional<Head> head, long number, String greatest, Duration kept) {}
}
