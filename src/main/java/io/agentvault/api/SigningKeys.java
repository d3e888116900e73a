package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.crypto.Signer;
import io.agentvault.remote.Deadline;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The public halves of the keys that receipts and checkpoints are signed with, for anybody. A key
 * is asked for once: its public half never changes.
 */
public final class SigningKeys {
  /** For as long as a new key may go unnoticed. */
  private static final String CACHED = "public, max-age=300";

  private final Optional<Signer> signer;
  private final Optional<String> former;
  private volatile @Nullable ObjectNode keys;

  /**
   * @param signer of the key that signs now
   * @param former a JWKS of keys that signed before, whose signatures are still to be checked
   */
  public SigningKeys(Optional<Signer> signer, Optional<String> former) {
    this.signer = signer;
    this.former = former;
  }

  Answer answer(Deadline deadline) {
    ObjectNode known = keys;
    if (known == null) {
      known = Bodies.object();
      ArrayNode all = known.putArray("keys");
      signer.map(each -> each.publicKeys(deadline)).ifPresent(jwks -> addTo(all, jwks));
      former.ifPresent(jwks -> addTo(all, jwks));
      keys = known;
    }
    return Answer.ok(known.deepCopy()).with("cache-control", CACHED);
  }

  private static void addTo(ArrayNode all, String jwks) {
    JsonNode keys = Json.object("keys", jwks.getBytes(UTF_8)).path("keys");
    keys.forEach(all::add);
  }
}
