package io.agentvault.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * Evidence §5: what is signed of a revocation.
 *
 * @param agent the identity that is gone
 * @param tenant whose it was
 * @param revokedBy the operator
 * @param revokedAt when the key was destroyed
 * @param recoverableUntil until when a backup keeps the wrapped key; empty when none does
 * @param swept what is final only when nothing is left; empty before
 */
public record ReceiptStatement(
    String agent,
    String tenant,
    String revokedBy,
    Instant revokedAt,
    Optional<Instant> recoverableUntil,
    Optional<Swept> swept) {
  /** The {@code typ} of a receipt's signature. */
  public static final String TYPE = "agent-vault-receipt+jws";

  /**
   * What a finished sweep has counted.
   *
   * @param credentials how many were destroyed
   * @param accessTokensValidUntil when the last access token that was handed out ends; empty
   *     without one
   */
  public record Swept(long credentials, Optional<Instant> accessTokensValidUntil) {}

  /**
   * The payload of the signature.
   *
   * @param log the head of the last checkpoint; empty when there is none
   */
  String text(Optional<Head> log, ObjectMapper json) {
    ObjectNode tree = json.createObjectNode();
    tree.put("identityId", agent);
    tree.put("tenant", tenant);
    tree.put("revokedBy", revokedBy);
    tree.put("revokedAt", RecordKey.time(revokedAt));
    tree.put("keyDestroyed", true);
    tree.put("recoverableUntil", recoverableUntil.map(RecordKey::time).orElse(null));
    tree.put("complete", swept.isPresent());
    swept.ifPresent(
        end -> {
          tree.put("credentialsDestroyed", end.credentials());
          tree.put(
              "accessTokensValidUntil",
              end.accessTokensValidUntil().map(RecordKey::time).orElse(null));
        });
    tree.set("log", log.map(head -> log(head, json)).orElse(null));
    try {
      return json.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of our own can be written");
    }
  }

  private static ObjectNode log(Head head, ObjectMapper json) {
    return json.createObjectNode()
        .put("checkpoint", head.number())
        .put("records", head.hash().records())
        .put("hash", head.hash().hex())
        .put("head", Hash.of(head.text()));
  }
}
