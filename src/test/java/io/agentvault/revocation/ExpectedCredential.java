package io.agentvault.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a vault must answer of one label, by all that was answered before. */
final class ExpectedCredential {
  /** What this test puts where the seed stood; the product's own text only has to name the call. */
  private static final String SEED_HERE = "a seed";

  private final String label;
  private @Nullable String id;
  private ObjectNode body = Api.object();
  private Optional<OneTimeSeed> seed = Optional.empty();
  private JsonNode createdAt = NullNode.getInstance();
  private JsonNode updatedAt = NullNode.getInstance();
  private JsonNode rotatedAt = NullNode.getInstance();
  private long revision;
  private OptionalLong counter = OptionalLong.empty();
  private OptionalLong claimedStep = OptionalLong.empty();

  ExpectedCredential(String label) {
    this.label = label;
  }

  /** Its tag so many writes from now. */
  String etag(int later) {
    return "\"%s.%d\"".formatted(id, revision + later);
  }

  Optional<OneTimeSeed> seed() {
    return seed;
  }

  OptionalLong claimedStep() {
    return claimedStep;
  }

  /** A sample was stored over it. */
  void stored(Sample sample, ObjectNode next, ObjectNode answer, Window window) {
    boolean sameData = next.get("data").equals(body.get("data"));
    if (!sample.seed().equals(seed)) {
      counter = OptionalLong.empty();
      claimedStep = OptionalLong.empty();
    }
    seed = sample.seed();
    body = next;
    written(answer, window);
    if (revision > 1 && !sameData) {
      rotatedAt = updatedAt;
    }
    assertMetadata(answer);
  }

  private void written(ObjectNode answer, Window window) {
    revision++;
    updatedAt = answer.get("updatedAt");
    window.assertIn(updatedAt);
    if (revision == 1) {
      id = answer.get("credentialId").asText();
      createdAt = updatedAt;
    }
  }

  /** The next backup code, if there is one. */
  Optional<String> nextBackupCode() {
    return Optional.ofNullable(body.path("data").path("backupCodes").get(0)).map(JsonNode::asText);
  }

  int backupCodes() {
    return body.path("data").path("backupCodes").size();
  }

  /** Its next backup code was handed out; when, only the next answer tells. */
  void backupCodeUsed() {
    ObjectNode data = (ObjectNode) body.get("data");
    ArrayNode unused = (ArrayNode) data.get("backupCodes");
    data.withArray("usedBackupCodes").add(unused.remove(0));
    revision++;
    updatedAt = NullNode.getInstance();
  }

  /** The counter of its next code, which is used up by asking. */
  long nextCounter() {
    long next = counter.orElse(seed.orElseThrow().counter().orElseThrow());
    counter = OptionalLong.of(next + 1);
    return next;
  }

  void claimed(long step) {
    claimedStep = OptionalLong.of(step);
  }

  void assertMetadata(JsonNode answer) {
    if (updatedAt.isNull()) {
      updatedAt = answer.get("updatedAt");
      assertThat(updatedAt.asText()).isGreaterThanOrEqualTo(createdAt.asText());
    }
    ObjectNode expected = Api.object();
    expected.put("credentialId", id);
    expected.set("type", body.get("type"));
    expected.put("name", label);
    expected.set("metadata", orNull(body.get("metadata")));
    expected.put("hasTotp", seed.isPresent());
    expected.set("expiresAt", orNull(body.get("expiresAt")));
    expected.set("lastRotatedAt", rotatedAt);
    expected.set("createdAt", createdAt);
    expected.set("updatedAt", updatedAt);
    expected.put("revision", Math.toIntExact(revision));
    expected.putNull("use");
    assertThat(ExpectedIdentity.withoutCounts(answer)).isEqualTo(expected);
  }

  void assertRead(Api.Reply reply) {
    assertThat(reply.etag()).contains(etag(0));
    ObjectNode metadata = reply.body().deepCopy();
    JsonNode data = metadata.remove("data");
    assertMetadata(metadata);
    ObjectNode expected = body.get("data").deepCopy();
    expected.remove("backupCodes");
    hideSeeds(expected);
    ObjectNode answered = data.deepCopy();
    if (seed.isPresent()) {
      assertThat(answered.toString()).doesNotContain(OneTimeSeed.BASE32);
      unhide(answered);
    }
    assertThat(answered).isEqualTo(expected);
  }

  private void hideSeeds(ObjectNode data) {
    for (ObjectNode object : seedHolders(data)) {
      for (String field : List.of("secret", "otpauth", "totp")) {
        if (object.path(field).isTextual()) {
          object.put(field, SEED_HERE);
        }
      }
    }
  }

  private void unhide(ObjectNode data) {
    for (ObjectNode object : seedHolders(data)) {
      for (String field : List.of("secret", "otpauth", "totp")) {
        if (object.path(field).asText().contains("/totp")) {
          object.put(field, SEED_HERE);
        }
      }
    }
  }

  private List<ObjectNode> seedHolders(ObjectNode data) {
    return data.get("totp") instanceof ObjectNode object ? List.of(object) : List.of(data);
  }

  private static JsonNode orNull(@Nullable JsonNode node) {
    return node == null ? NullNode.getInstance() : node;
  }
}
