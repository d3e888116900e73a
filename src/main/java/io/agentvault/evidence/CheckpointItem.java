package io.agentvault.evidence;

import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;
import static io.agentvault.remote.Attributes.texts;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.problem.Internal;
import io.agentvault.remote.Attributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How a checkpoint stands in the table: {@code PROOF#<agentId>} / its number in 12 digits. */
final class CheckpointItem {
  static final String PARTITION_PREFIX = "PROOF#";

  private static final String WHAT = "checkpoint";
  private static final Pattern NUMBER = Pattern.compile("[0-9]{12,18}");

  private CheckpointItem() {}

  static String sortKey(long checkpoint) {
    return String.format(Locale.ROOT, "%012d", checkpoint);
  }

  /** The number whose sort key that is; 0 when it is no checkpoint's. */
  static long numberOf(String sortKey) {
    return NUMBER.matcher(sortKey).matches() ? Long.parseLong(sortKey) : 0;
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
    item.put("kept", number(checkpoint.kept().toSeconds()));
    return item;
  }

  /** A checkpoint as it was read; whatever is none, by whomever, is kept as its place only. */
  static Proofs.Kept kept(Map<String, AttributeValue> item, ObjectMapper json) {
    String place = Attributes.of(item).text("sk", WHAT);
    try {
      return new Proofs.Kept(
          place,
          Optional.of(read(item, json))
              .filter(each -> each.head().number() == numberOf(place))
              .filter(each -> each.head().isOf(each.agent(), json)));
    } catch (Internal e) {
      return new Proofs.Kept(place, Optional.empty());
    }
  }

  private static Checkpoint read(Map<String, AttributeValue> item, ObjectMapper json) {
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
        attributes.text("signed", WHAT),
        Duration.ofSeconds(attributes.number("kept", WHAT)));
  }
}
