package io.agentvault.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.evidence.Entry.Status;
import io.agentvault.evidence.Entry.Upstream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** Evidence §1: a record as the one string that is stored and hashed. */
final class EntryCodec {
  private final ObjectMapper json;

  EntryCodec(ObjectMapper json) {
    this.json = json;
  }

  String text(Entry entry, long keptUntil) {
    ObjectNode tree = json.createObjectNode();
    tree.put("agent", entry.agent());
    tree.put("id", entry.key());
    tree.put("at", entry.at().toString());
    tree.put("action", entry.action());
    entry.label().ifPresent(label -> tree.put("label", label));
    tree.put("actor", entry.actor());
    tree.put("way", entry.way());
    tree.put("status", entry.status().text());
    entry.problem().ifPresent(code -> tree.put("problem", code));
    entry.credentialId().ifPresent(id -> tree.put("credentialId", id));
    entry.upstream().ifPresent(upstream -> tree.set("upstream", upstream(upstream)));
    tree.put("durationMs", entry.durationMs());
    tree.put("requestId", entry.requestId());
    tree.put("keptUntil", keptUntil);
    try {
      return json.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of our own can be written");
    }
  }

  private ObjectNode upstream(Upstream upstream) {
    ObjectNode tree = json.createObjectNode();
    tree.put("host", upstream.host());
    tree.put("method", upstream.method());
    tree.put("path", upstream.path());
    upstream.status().ifPresent(status -> tree.put("status", status));
    return tree;
  }

  /** A record that was read; empty when it is none of ours. */
  Optional<Read> read(String text) {
    try {
      JsonNode tree = json.readTree(text);
      Optional<Status> status =
          Arrays.stream(Status.values())
              .filter(each -> each.text().equals(tree.path("status").asText()))
              .findFirst();
      if (status.isEmpty()
          || !tree.path("id").isTextual()
          || !tree.path("keptUntil").isLong() && !tree.path("keptUntil").isInt()) {
        return Optional.empty();
      }
      return Optional.of(new Read(entry(tree, status.get()), tree.path("keptUntil").asLong()));
    } catch (JsonProcessingException | DateTimeException e) {
      return Optional.empty(); // whoever wrote it, it was not us
    }
  }

  private static Entry entry(JsonNode tree, Status status) {
    return new Entry(
        tree.path("agent").asText(),
        tree.path("id").asText(),
        Instant.parse(tree.path("at").asText()),
        tree.path("action").asText(),
        text(tree, "label"),
        tree.path("actor").asText(),
        tree.path("way").asText(),
        status,
        text(tree, "problem"),
        text(tree, "credentialId"),
        Optional.of(tree.path("upstream")).filter(JsonNode::isObject).map(EntryCodec::upstream),
        tree.path("durationMs").asLong(),
        tree.path("requestId").asText());
  }

  private static Upstream upstream(JsonNode tree) {
    return new Upstream(
        tree.path("host").asText(),
        tree.path("method").asText(),
        tree.path("path").asText(),
        Optional.of(tree.path("status")).filter(JsonNode::isInt).map(JsonNode::asInt));
  }

  private static Optional<String> text(JsonNode tree, String name) {
    return Optional.of(tree.path(name)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  /**
   * A record as it was read.
   *
   * @param keptUntil in seconds since 1970
   */
  record Read(Entry entry, long keptUntil) {}
}
