package io.agentvault.bench;

import io.agentvault.identity.Crockford;
import io.agentvault.local.LocalCloud;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Lets no figure of a function stand that doesn't answer as the vault does. */
final class SameAnswers {
  private static final int TRIES = 50;

  private SameAnswers() {}

  /** What an answer says, whatever the order of its fields. */
  private record Said(int status, JsonObject body, JsonValue etag) {
    static Said by(LocalCloud cloud, String function, byte[] event) {
      JsonObject answer = cloud.invoke(function, event).json();
      try (JsonReader reader = Json.createReader(new StringReader(answer.getString("body")))) {
        return new Said(
            answer.getInt("statusCode"),
            reader.readObject(),
            answer.getJsonObject("headers").getOrDefault("etag", JsonValue.NULL));
      }
    }
  }

  /**
   * Holds the Go function to the vault's answers: to a get, to one of no credential, and to one by
   * whoever guesses a key.
   *
   * @throws IllegalStateException where one differs
   */
  static void require(LocalCloud cloud, Agent agent, String label) {
    require(cloud, "a get", agent.get(label));
    require(cloud, "a get of nothing", agent.get("nothing"));
    require(cloud, "a get with a wrong key", guessing(agent).get(label));
  }

  private static void require(LocalCloud cloud, String what, byte[] event) {
    for (int i = 0; i < TRIES; i++) {
      Said before = Said.by(cloud, Contestants.VAULT, event);
      Said peers = Said.by(cloud, Contestants.PEER, event);
      if (peers.equals(before)) {
        return;
      }
      // else it may be that uses were counted meanwhile
      if (before.equals(Said.by(cloud, Contestants.VAULT, event))) {
        throw new IllegalStateException(
            "the Go function answers %s with %s and the vault with %s"
                .formatted(what, peers, before));
      }
    }
    throw new IllegalStateException("the vault never answers " + what + " twice alike");
  }

  /** A well-formed key of that identity, which is not its own. */
  private static Agent guessing(Agent agent) {
    int secretEnd = agent.key().length() - Crockford.length(Integer.SIZE);
    int secretStart = secretEnd - Crockford.length(256);
    String body = agent.key().substring(0, secretStart) + "0".repeat(Crockford.length(256));
    CRC32 checksum = new CRC32();
    checksum.update(body.getBytes(StandardCharsets.US_ASCII));
    byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array();
    return new Agent(agent.id(), body + Crockford.encode(bytes));
  }
}
