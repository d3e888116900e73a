package io.agentvault.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.evidence.Change.Kind;
import io.agentvault.evidence.Entry.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Records as the functions write them, and as the stream tells of them. */
final class Records {
  static final Duration RETENTION = Duration.ofDays(90);
  static final ObjectMapper JSON = new ObjectMapper();
  static final EntryCodec CODEC = new EntryCodec(JSON);

  private Records() {}

  static Entry entry(String agent, Instant at, int number, String label) {
    return entry(agent, at, number, label, Status.SUCCESS);
  }

  static Entry entry(String agent, Instant at, int number, String label, Status status) {
    return new Entry(
        agent,
        RecordKey.time(at) + "#r" + number + "#1",
        at,
        "vault.get",
        Optional.of(label),
        "key-1",
        "http",
        status,
        Optional.empty(),
        Optional.of("id of " + label),
        Optional.of(new Entry.Upstream("api.example.com", "GET", "/a", Optional.of(200))),
        12,
        "r" + number);
  }

  /** The same with another key, action and credential. */
  static Entry with(Entry entry, String key, String action, Optional<String> credentialId) {
    return new Entry(
        entry.agent(),
        key,
        entry.at(),
        action,
        entry.label(),
        entry.actor(),
        entry.way(),
        entry.status(),
        entry.problem(),
        credentialId,
        entry.upstream(),
        entry.durationMs(),
        entry.requestId());
  }

  static long keptUntil(Entry entry) {
    return entry.at().plus(RETENTION).getEpochSecond();
  }

  static String text(Entry entry) {
    return CODEC.text(entry, keptUntil(entry));
  }

  static Change inserted(Entry entry) {
    return change(entry, Kind.INSERT, text(entry), keptUntil(entry), entry.at());
  }

  static Change change(Entry entry, Kind kind, String text, long keptUntil, Instant at) {
    return new Change(
        DynamoDbLog.PARTITION_PREFIX + entry.agent(),
        entry.key(),
        kind,
        Optional.of(text),
        Optional.of(keptUntil),
        at,
        kind + " " + entry.agent() + " " + entry.key());
  }
}
