package io.agentvault.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.Tampered;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** The bytes that are sealed of a {@link TokenState}: one JSON object. */
final class TokenStateCodec {
  private final ObjectMapper json;

  TokenStateCodec(ObjectMapper json) {
    this.json = json;
  }

  byte[] write(TokenState state, long revision) {
    ObjectNode tree = json.createObjectNode().put("revision", revision);
    tree.put("origin", state.origin()).put("wish", state.wish());
    state
        .token()
        .ifPresent(
            token -> {
              ObjectNode node = tree.putObject("token");
              node.put("text", token.text()).put("type", token.type());
              node.put("expiresAt", token.expiresAt().toEpochMilli());
              token.scope().ifPresent(scope -> node.put("scope", scope));
            });
    state.refreshToken().ifPresent(text -> tree.put("refreshToken", text));
    state
        .refusal()
        .ifPresent(
            refusal -> tree.put("refused", refusal.error()).put("refusedAt", refusal.revision()));
    try {
      return json.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts can be written", e);
    }
  }

  /**
   * @throws Tampered when they are not what was written at this revision
   */
  TokenState read(byte[] bytes, long revision) {
    try {
      JsonNode tree = json.readTree(bytes);
      if (tree.path("revision").asLong(-1) != revision) {
        throw new Tampered();
      }
      return new TokenState(
          tree.path("origin").asText(),
          tree.path("wish").asText(),
          Optional.ofNullable(tree.get("token")).map(TokenStateCodec::token),
          text(tree, "refreshToken"),
          text(tree, "refused")
              .map(error -> new TokenState.Refusal(error, tree.path("refusedAt").asLong())));
    } catch (IOException e) {
      throw new Tampered();
    }
  }

  private static AccessToken token(JsonNode node) {
    return new AccessToken(
        node.path("text").asText(),
        node.path("type").asText(),
        Instant.ofEpochMilli(node.path("expiresAt").asLong()),
        text(node, "scope"));
  }

  private static Optional<String> text(JsonNode tree, String field) {
    return Optional.ofNullable(tree.path(field).textValue());
  }
}
