package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.evidence.Entry;
import io.agentvault.evidence.Entry.Upstream;
import io.agentvault.evidence.Log;
import io.agentvault.evidence.Wanted;
import io.agentvault.vault.Logs;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/** Records on the wire: what may be asked for, and the shapes of existing clients (contract §9). */
final class LogFields {
  /** The most records in one answer. */
  static final int MOST = 200;

  private static final int USUAL = 50;
  private static final String DATE = "\\d{4}-\\d{2}-\\d{2}";

  private LogFields() {}

  static int limit(Request request) {
    return request.integer("limit", 1, MOST, USUAL);
  }

  static Optional<String> after(Request request) {
    return request.text("pageToken").map(PageToken::record);
  }

  static Wanted wanted(Request request) {
    return new Wanted(
        request.text("category"),
        request.text("action"),
        request.text("status"),
        request.text("severity"),
        request.text("label"),
        request.text("since").map(LogFields::since),
        request.text("until").map(text -> Fields.moment("until", text)));
  }

  /** A date alone is its beginning here; as an end it is its end. */
  private static Instant since(String text) {
    return Fields.moment("since", text.matches(DATE) ? text + "T00:00:00Z" : text);
  }

  static ObjectNode page(Log.Page page) {
    ObjectNode body = Bodies.object();
    ArrayNode logs = body.putArray("logs");
    page.entries().forEach(entry -> logs.add(log(entry)));
    body.put("count", logs.size());
    page.next().ifPresent(key -> body.put("nextPageToken", PageToken.ofRecord(key)));
    return body;
  }

  private static ObjectNode log(Entry entry) {
    ObjectNode log = Bodies.object();
    log.put("id", entry.key());
    log.put("action", entry.action());
    log.put("category", entry.category());
    log.put("severity", entry.severity());
    log.put("status", entry.status().text());
    log.put("description", description(entry));
    boolean ofIdentity = entry.label().isEmpty() && entry.action().startsWith("identity.");
    log.put(
        "targetType", entry.label().isPresent() ? "credential" : ofIdentity ? "identity" : null);
    log.put("targetId", entry.label().orElse(ofIdentity ? entry.agent() : null));
    log.set("metadata", metadata(entry));
    log.put("durationMs", entry.durationMs());
    log.put("createdAt", Bodies.time(entry.at()));
    return log;
  }

  private static String description(Entry entry) {
    StringBuilder text = new StringBuilder(entry.action());
    entry.label().ifPresent(label -> text.append(" of ").append(label));
    entry
        .upstream()
        .ifPresent(
            call ->
                text.append(": ")
                    .append(call.method())
                    .append(' ')
                    .append(call.host())
                    .append(call.path()));
    entry.problem().ifPresent(code -> text.append(": ").append(code));
    return text.toString();
  }

  private static ObjectNode metadata(Entry entry) {
    ObjectNode metadata = Bodies.object();
    metadata.put("actor", entry.actor());
    metadata.put("way", entry.way());
    metadata.put("requestId", entry.requestId());
    entry.credentialId().ifPresent(id -> metadata.put("credentialId", id));
    entry.problem().ifPresent(code -> metadata.put("problem", code));
    if (entry.upstream().isPresent()) {
      Upstream upstream = entry.upstream().get();
      metadata.put("host", upstream.host());
      metadata.put("method", upstream.method());
      metadata.put("path", upstream.path());
      upstream.status().ifPresent(status -> metadata.put("status", status));
    }
    return metadata;
  }

  static ObjectNode stats(Logs.Stats stats) {
    ObjectNode body = Bodies.object();
    body.put("total", stats.total());
    body.put("today", stats.today());
    body.put("errors", stats.errors());
    ObjectNode categories = body.putObject("byCategory");
    new TreeMap<>(stats.byCategory()).forEach(categories::put);
    return body;
  }
}
