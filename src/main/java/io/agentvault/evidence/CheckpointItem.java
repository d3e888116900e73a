package io.agentvault.evidence;

import static io.agentvault.remote.Attributes.bytes;
import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;
import static io.agentvault.remote.Attributes.texts;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.problem.Internal;
import io.agentvault.remote.Attributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How a checkpoint stands in the table: {@code PROOF#<agentId>} / its number in 12 digits. */
final class CheckpointItem {
  static final String PARTITION_PREFIX = "PROOF#";

  private static final String WHAT = "checkpoint";

  /** There only where it is not the greatest of its own records. */
  private static final String GREATEST = "greatest";

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
    if (!checkpoint.greatest().equals(greatest(checkpoint.keys()))) {
      item.put(GREATEST, text(checkpoint.greatest()));
    }
    item.put("leafIndex", number(checkpoint.path().index()));
    item.put("treeSize", number(checkpoint.path().size()));
    item.put("path", bytes(Hash.packed(checkpoint.path().hashes())));
    item.put("root", bytes(Hash.packed(List.of(checkpoint.root()))));
    item.putAll(
        RootSignature.write(
            checkpoint.signed(),
            RootSignature.payload(checkpoint.root(), checkpoint.path().size(), checkpoint.at())));
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
    List<String> keys = attributes.texts("records");
    int size = (int) attributes.number("treeSize", WHAT);
    List<String> root = Hash.unpacked(attributes.bytes("root", WHAT));
    if (root.size() != 1) {
      throw new Internal("a stored checkpoint is malformed");
    }
    return new Checkpoint(
        attributes.text("pk", WHAT).substring(PARTITION_PREFIX.length()),
        Head.read(attributes.text("head", WHAT), json),
        at,
        keys,
        attributes.optionalText(GREATEST).orElseGet(() -> greatest(keys)),
        new Checkpoint.Path(
            (int) attributes.number("leafIndex", WHAT),
            size,
            Hash.unpacked(attributes.bytes("path", WHAT))),
        root.getFirst(),
        RootSignature.read(attributes, RootSignature.payload(root.getFirst(), size, at), WHAT),
        Duration.ofSeconds(attributes.number("kept", WHAT)));
  }

  private static String greatest(List<String> keys) {
    return keys.stream().max(Comparator.naturalOrder()).orElse("");
  }
}
