package io.agentvault.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.agentvault.crypto.Randomness;
import io.agentvault.crypto.Secret;
import io.agentvault.problem.Unauthorized;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * The bearer credential of one identity: {@code avk_<agentId>_<secret><checksum>}, with 256 random
 * bits of secret (52 characters) and the CRC-32 of everything before it (7 characters), 90
 * characters in all.
 *
 * <p>The checksum lets a mistyped or cut key be refused without a read, and lets secret scanners
 * recognise a real one; it adds no strength.
 */
public final class AgentKey implements Bearer {
  private static final String PREFIX = "avk_";
  private static final int SECRET_BITS = 256;
  private static final int CHECKSUM_BITS = 32;
  private static final int ID_END = PREFIX.length() + Crockford.length(AgentId.BITS);
  private static final int SECRET_END = ID_END + 1 + Crockford.length(SECRET_BITS);
  private static final int LENGTH = SECRET_END + Crockford.length(CHECKSUM_BITS);

  private final AgentId agentId;
  private final Secret text;

  private AgentKey(AgentId agentId, Secret text) {
    this.agentId = agentId;
    this.text = text;
  }

  /** A new key of {@code agentId}; its text is to be shown once and then forgotten. */
  static AgentKey mint(AgentId agentId, Randomness randomness) {
    String body = prefix(agentId) + "_" + Crockford.encode(randomness.bytes(SECRET_BITS / 8));
    return new AgentKey(agentId, Secret.ofUtf8(body + checksum(body)));
  }

  /**
   * The key that a caller presents.
   *
   * @throws Unauthorized when it is not a key at all: the same answer as for a wrong one
   */
  public static AgentKey parse(String presented) {
    if (presented.length() != LENGTH
        || !presented.startsWith(PREFIX)
        || presented.charAt(ID_END) != '_'
        || !Crockford.isCanonical(presented.substring(ID_END + 1, SECRET_END), SECRET_BITS)
        || !checksum(presented.substring(0, SECRET_END)).equals(presented.substring(SECRET_END))) {
      throw new Unauthorized();
    }
    AgentId id =
        AgentId.parse(presented.substring(PREFIX.length(), ID_END)).orElseThrow(Unauthorized::new);
    return new AgentKey(id, Secret.ofUtf8(presented));
  }

  /** What may be shown of every key of {@code agentId}: the part that is no secret. */
  public static String prefix(AgentId agentId) {
    return PREFIX + agentId.text();
  }

  @Override
  public AgentId claimedId() {
    return agentId;
  }

  /** The whole key. */
  public Secret text() {
    return text;
  }

  @Override
  public String toString() {
    return "AgentKey[redacted]";
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(US_ASCII));
    return Crockford.encode(
        ByteBuffer.allocate(CHECKSUM_BITS / 8).putInt((int) crc.getValue()).array());
  }
}
