package io.agentvault.identity;

import io.agentvault.crypto.Randomness;
import io.agentvault.problem.NotFound;
import java.util.Optional;

/**
 * The name of an agent identity: 128 random bits as 26 characters of Crockford base32, opaque.
 *
 * @param text the canonical spelling
 */
public record AgentId(String text) {
  static final int BITS = 128;

  /** The length of every id. */
  public static final int CHARACTERS = Crockford.length(BITS);

  public AgentId {
    if (!Crockford.isCanonical(text, BITS)) {
      throw new IllegalArgumentException("not an agent id");
    }
  }

  /** A new identity's name. */
  public static AgentId random(Randomness randomness) {
    return new AgentId(Crockford.encode(randomness.bytes(BITS / Byte.SIZE)));
  }

  /** The id that {@code text} spells, if it spells one. */
  public static Optional<AgentId> parse(String text) {
    return Crockford.isCanonical(text, BITS) ? Optional.of(new AgentId(text)) : Optional.empty();
  }

  /**
   * The id in a request. A text that spells no id names no identity.
   *
   * @throws NotFound when it spells none
   */
  public static AgentId named(String text) {
    return parse(text).orElseThrow(() -> new NotFound("identity"));
  }

  @Override
  public String toString() {
    return text;
  }
}
