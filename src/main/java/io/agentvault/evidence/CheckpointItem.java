package io.agentvault.evidence;

import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;
import static io.agentvault.remote.Attributes.texts;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.remote.Attributes;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How a checkpoint stands in the table: {@code PROOF#<agentId>} / its number in 12 digits. */
final class CheckpointItem {
  static final String PARTITION_PREFIX = "PROOF#";

  private static final String WHAT = "checkpoint";

  private CheckpointItem() {}

  static String sortKey(long checkpoint) {
    return String.format(Locale.ROOT, "%012d", checkpoint);
  }

  static Map<String, AttributeValue> write(Checkpoint checkpoint, long keptUntil) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("pk", text(PARTITION_PREFIX + checkpoint.agent()));
    item.put("sk", text(sortKey(checkpoint.head().number())));
    item.put("head", text(checkpoint.head().text()));
    item.put("at", text(checkpoint.at().toString()));
    item.put("records", texts(checkpoint.keys()));
    item.put("greatest", text(checkpoint.greatest()));
    item.put("leafIndex", number(checkpoint.path().index()));
    item.put("treeSize", number(checkpoint.path().size()));
    item.put("path", texts(checkpoint.path().hashes()));
    item.put("root", text(checkpoint.root()));
    item.put("signed", text(checkpoint.signed()));
    item.put("ttl", number(keptUntil));
    return item;
  }

  static Checkpoint read(Map<String, AttributeValue> item, ObjectMapper json) {
    Attributes attributes = Attributes.of(item);
    Instant at = attributes.instant("at", WHAT);
    return new Checkpoint(
        attributes.text("pk", WHAT).substring(PARTITION_PREFIX.length()),
        Head.read(attributes.text("head", WHAT), json),
        at,
        attributes.texts("records"),
        attributes.text("greatest", WHAT),
        new Checkpoint.Path(
            (int) attributes.number("leafIndex", WHAT),
            (int) attributes.number("treeSize", WHAT),
            attributes.texts("path")),
        attributes.text("root", WHAT),
        attributes.text("signed", WHAT));
  }
}
