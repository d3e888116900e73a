package io.agentvault.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.agentvault.crypto.DerivedKey;
import io.agentvault.crypto.Secret;
import io.agentvault.problem.Unauthorized;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/**
 * A short-lived bearer credential that an agent makes from its key, with less authority than the
 * key: clauses 1 and 3 of the {@link io.agentvault.identity package}'s. What it says is not true
 * before {@link #isVouchedFor}.
 */
public final class ChildToken implements Bearer {
  static final String PREFIX = "avt_";

  private static final int MAC_BYTES = 32;
  private static final int ID_END = PREFIX.length() + AgentId.CHARACTERS;

  /** Child token §1.3: the longest is some 3,600 characters, the usual one 140. */
  private static final int MOST_CHARACTERS =
      ID_END + 1 + (TokenBody.MOST_BYTES + MAC_BYTES + 2) / 3 * 4;

  private final AgentId agentId;
  private final TokenBody body;
  private final byte[] mac;

  private ChildToken(AgentId agentId, TokenBody body, byte[] mac) {
    this.agentId = agentId;
    this.body = body;
    this.mac = mac;
  }

  /**
   * The token that says {@code body}.
   *
   * @param key the verifier of the agent key that it comes from
   */
  static ChildToken make(AgentId agentId, TokenBody body, KeyVerifier key, Secret dataKey) {
    return new ChildToken(agentId, body, mac(agentId, body, key, dataKey));
  }

  /**
   * The token that a caller presents.
   *
   * @throws Unauthorized when it is not a token at all: the same answer as for a wrong one
   */
  public static ChildToken parse(String presented) {
    if (presented.length() <= ID_END
        || presented.length() > MOST_CHARACTERS
        || !presented.startsWith(PREFIX)
        || presented.charAt(ID_END) != '_') {
      throw new Unauthorized();
    }
    AgentId id =
        AgentId.parse(presented.substring(PREFIX.length(), ID_END)).orElseThrow(Unauthorized::new);
    byte[] bytes = decoded(presented.substring(ID_END + 1));
    int bodyEnd = Math.max(0, bytes.length - MAC_BYTES);
    return new ChildToken(
        id,
        TokenBody.parse(Arrays.copyOf(bytes, bodyEnd)),
        Arrays.copyOfRange(bytes, bodyEnd, bytes.length));
  }

  /** One value has one spelling: what is left over in the last character is zero. */
  private static byte[] decoded(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      if (encoded(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // no base64url
    }
    throw new Unauthorized();
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * Whether it was made under this data key from the agent key of this verifier; takes the same
   * time whatever the answer.
   */
  boolean isVouchedFor(KeyVerifier key, Secret dataKey) {
    return MessageDigest.isEqual(mac(agentId, body, key, dataKey), mac);
  }

  private static byte[] mac(AgentId agentId, TokenBody body, KeyVerifier key, Secret dataKey) {
    byte[] hash = key.hash();
    byte[] id = agentId.text().getBytes(US_ASCII);
    byte[] said = body.encoded();
    return DerivedKey.mac(
        dataKey,
        "child token 1 generation " + body.generation(),
        ByteBuffer.allocate(hash.length + id.length + said.length)
            .put(hash)
            .put(id)
            .put(said)
            .array());
  }

  @Override
  public AgentId claimedId() {
    return agentId;
  }

  /** What it says, proved or not. */
  TokenBody body() {
    return body;
  }

  /** By which name records and logs call it. */
  public TokenId id() {
    return body.id();
  }

  /** The whole token. */
  public Secret text() {
    byte[] said = body.encoded();
    byte[] bytes = ByteBuffer.allocate(said.length + mac.length).put(said).put(mac).array();
    return Secret.ofUtf8(PREFIX + agentId.text() + "_" + encoded(bytes));
  }

  @Override
  public String toString() {
    return "ChildToken[redacted]";
  }
}
