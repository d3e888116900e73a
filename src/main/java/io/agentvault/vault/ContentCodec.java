package io.agentvault.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.PayloadTooLarge;
import io.agentvault.problem.Tampered;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * The bytes that are sealed, each a JSON object. Both have {@code type}, {@code revision} and
 * {@code expiresAt} (ms since 1970), and {@code use}, which is enforced from the data's seal and
 * shown from the other: one of them is {@code data}, the other {@code metadata} and {@code
 * hasTotp}. What the release before sealed has data and metadata in one. The revision is in there
 * so that an item whose revision was changed from outside does not pass for another.
 */
final class ContentCodec {
  private static final int MAXIMUM_BYTES = 64 * 1024;
  private static final int MAXIMUM_METADATA_BYTES = 4 * 1024;

  private final ObjectMapper json;

  ContentCodec(ObjectMapper json) {
    this.json = json;
  }

  /**
   * Holds content to the limits.
   *
   * @throws PayloadTooLarge when data and metadata take more than 64 KiB, or metadata more than 4
   *     KiB
   */
  void checkSize(Content content) {
    int metadata = content.metadata().map(each -> bytes(each.expose()).length).orElse(0);
    if (metadata > MAXIMUM_METADATA_BYTES) {
      throw new PayloadTooLarge("metadata", "4 KiB serialized");
    }
    if (bytes(content.data().expose()).length + metadata > MAXIMUM_BYTES) {
      throw new PayloadTooLarge("credential", "64 KiB serialized");
    }
  }

  /** The bytes of the seal that guards the data. */
  byte[] writeData(Content content, long revision) {
    ObjectNode tree = common(content, revision);
    tree.set("data", content.data().expose());
    return bytes(tree);
  }

  /** The bytes of the seal that a listing opens. */
  byte[] writeMetadata(Content content, long revision) {
    ObjectNode tree = common(content, revision);
    tree.put("hasTotp", content.hasTotp());
    content.metadata().ifPresent(metadata -> tree.set("metadata", metadata.expose()));
    return bytes(tree);
  }

  private ObjectNode common(Content content, long revision) {
    ObjectNode tree = json.createObjectNode();
    tree.put("type", content.type().name());
    tree.put("revision", revision);
    content.expiresAt().ifPresent(at -> tree.put("expiresAt", at.toEpochMilli()));
    content.use().ifPresent(policy -> tree.set("use", UsePolicyCodec.write(policy)));
    return tree;
  }

  private byte[] bytes(JsonNode tree) {
    try {
      return json.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that was parsed can be written");
    }
  }

  /**
   * The content in the bytes of the data's seal and, of what the release before sealed, in nothing
   * else.
   *
   * @param metadata what the other seal holds; empty when the first one has all
   * @throws Tampered when they were sealed for another revision
   */
  Content readContent(byte[] bytes, Optional<Data> metadata, long revision) {
    ObjectNode tree = read(bytes, revision);
    if (!(tree.get("data") instanceof ObjectNode data)) {
      throw new Tampered();
    }
    return new Content(
        type(tree),
        Data.of(data),
        metadata.or(() -> object(tree, "metadata")),
        expiresAt(tree),
        use(tree));
  }

  /**
   * What stands in the bytes of the metadata's seal.
   *
   * @throws Tampered when they were sealed for another revision
   */
  Overview readOverview(byte[] bytes, long revision) {
    ObjectNode tree = read(bytes, revision);
    return new Overview(
        type(tree),
        object(tree, "metadata"),
        tree.path("hasTotp").asBoolean(),
        expiresAt(tree),
        use(tree));
  }

  private ObjectNode read(byte[] bytes, long revision) {
    try {
      if (json.readTree(bytes) instanceof ObjectNode tree
          && tree.path("revision").asLong(-1) == revision) {
        return tree;
      }
    } catch (IOException | NumberFormatException | ArithmeticException e) {
      // what the parser says quotes what was sealed
    }
    throw new Tampered();
  }

  private static CredentialType type(ObjectNode tree) {
    try {
      return CredentialType.valueOf(tree.path("type").asText());
    } catch (IllegalArgumentException e) {
      throw new Tampered();
    }
  }

  private static Optional<Data> object(ObjectNode tree, String field) {
    return tree.get(field) instanceof ObjectNode object
        ? Optional.of(Data.of(object))
        : Optional.empty();
  }

  private static Optional<UsePolicy> use(ObjectNode tree) {
    return tree.get("use") instanceof ObjectNode policy
        ? Optional.of(UsePolicyCodec.parse(type(tree), policy))
        : Optional.empty();
  }

  private static Optional<Instant> expiresAt(ObjectNode tree) {
    return tree.hasNonNull("expiresAt")
        ? Optional.of(Instant.ofEpochMilli(tree.path("expiresAt").asLong()))
        : Optional.empty();
  }
}
