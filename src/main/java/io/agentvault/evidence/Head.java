package io.agentvault.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.Internal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Evidence §3: what a checkpoint says, as the text that is a leaf of the tree. */
public record Head(long number, RunningHash hash, String text) {

  /**
   * The head after {@code before}.
   *
   * @param number one more than that of whatever stands in the last checkpoint's place
   */
  static Head after(
      Optional<Head> before,
      long number,
      String agent,
      RunningHash hash,
      List<Finding> findings,
      Instant at,
      ObjectMapper json) {
    ObjectNode tree = json.createObjectNode();
    tree.put("agent", agent);
    tree.put("checkpoint", number);
    tree.put("at", RecordKey.time(at));
    tree.put("records", hash.records());
    tree.put("hash", hash.hex());
    tree.put("previous", before.map(head -> Hash.of(head.text())).orElse(""));
    ArrayNode list = tree.putArray("findings");
    for (Finding finding : findings) {
      ObjectNode one = list.addObject();
      one.put("what", finding.what().text());
      one.put("key", finding.key());
      one.put("event", finding.event());
    }
    try {
      return new Head(number, hash, json.writeValueAsString(tree));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of our own can be written");
    }
  }

  /**
   * @throws Internal when it is no head
   */
  static Head read(String text, ObjectMapper json) {
    JsonNode tree = tree(text, json);
    String hash = tree.path("hash").asText();
    if (!tree.path("checkpoint").canConvertToExactIntegral()
        || !tree.path("records").canConvertToExactIntegral()
        || !Hash.isHash(hash)) {
      throw malformed();
    }
    return new Head(
        tree.path("checkpoint").asLong(),
        new RunningHash(hash, tree.path("records").asLong()),
        text);
  }

  /** Whether it says that it is of that agent. */
  boolean isOf(String agent, ObjectMapper json) {
    return tree(text, json).path("agent").asText().equals(agent);
  }

  /** The events whose findings it states. */
  Set<String> events(ObjectMapper json) {
    return StreamSupport.stream(tree(text, json).path("findings").spliterator(), false)
        .map(finding -> finding.path("event").asText())
        .collect(Collectors.toSet());
  }

  private static JsonNode tree(String text, ObjectMapper json) {
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      throw malformed();
    }
  }

  private static Internal malformed() {
    return new Internal("a stored checkpoint is malformed");
  }
}
