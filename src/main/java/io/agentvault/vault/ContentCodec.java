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
 * The bytes that are sealed: a JSON object of {@code type}, {@code revision}, {@code expiresAt} (ms
 * since 1970), {@code metadata} and {@code data}. The revision is in there so that an item whose
 * revision was changed from outside does not pass for another.
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
    int metadata = metadataBytes(content);
    if (metadata > MAXIMUM_METADATA_BYTES) {
      throw new PayloadTooLarge("metadata", "4 KiB serialized");
    }
    if (bytes(content.data().expose()).length + metadata > MAXIMUM_BYTES) {
      throw new PayloadTooLarge("credential", "64 KiB serialized");
    }
  }

  /** How long the metadata are as JSON; 0 when there are none. */
  int metadataBytes(Content content) {
    return content.metadata().map(each -> bytes(each.expose()).length).orElse(0);
  }

  /** The bytes to seal. */
  byte[] write(Content content, long revision) {
    ObjectNode tree = json.createObjectNode();
    tree.put("type", content.type().name());
    tree.put("revision", revision);
    content.expiresAt().ifPresent(at -> tree.put("expiresAt", at.toEpochMilli()));
    content.metadata().ifPresent(metadata -> tree.set("metadata", metadata.expose()));
    tree.set("data", content.data().expose());
    return bytes(tree);
  }

  private byte[] bytes(JsonNode tree) {
    try {
      return json.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that was parsed can be written");
    }
  }

  /**
   * The content in bytes that were opened.
   *
   * @throws Tampered when they were sealed for another revision
   */
  Content read(byte[] bytes, long revision) {
    try {
      if (!(json.readTree(bytes) instanceof ObjectNode tree)
          || tree.path("revision").asLong(-1) != revision
          || !(tree.get("data") instanceof ObjectNode data)) {
        throw new Tampered();
      }
      return new Content(
          CredentialType.valueOf(tree.path("type").asText()),
          Data.of(data),
          tree.get("metadata") instanceof ObjectNode metadata
              ? Optional.of(Data.of(metadata))
              : Optional.empty(),
          tree.hasNonNull("expiresAt")
              ? Optional.of(Instant.ofEpochMilli(tree.path("expiresAt").asLong()))
              : Optional.empty());
    } catch (IOException e) {
      throw new Tampered();
    }
  }
}
