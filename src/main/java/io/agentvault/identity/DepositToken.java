package io.agentvault.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.agentvault.crypto.Secret;
import io.agentvault.problem.Unauthorized;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What opens one deposit and nothing else: {@code avd_<agentId>_<depositId>_<secret>}, with 256
 * bits of secret. It stands in the fragment of a link, so no server and no log on the way sees it.
 */
public final class DepositToken {
  /** How long the secret is, in bytes. */
  public static final int SECRET_BYTES = 32;

  /** How many random bits name a deposit. */
  public static final int ID_BITS = 128;

  private static final String PREFIX = "avd_";
  private static final int AGENT_END = PREFIX.length() + Crockford.length(AgentId.BITS);
  private static final int ID_END = AGENT_END + 1 + Crockford.length(ID_BITS);
  private static final int LENGTH = ID_END + 1 + Crockford.length(SECRET_BYTES * Byte.SIZE);

  private final AgentId agentId;
  private final String depositId;
  private final Secret text;

  private DepositToken(AgentId agentId, String depositId, Secret text) {
    this.agentId = agentId;
    this.depositId = depositId;
    this.text = text;
  }

  /** The token of a deposit for {@code agentId}, with {@value #SECRET_BYTES} bytes of secret. */
  public static DepositToken of(AgentId agentId, String depositId, byte[] secret) {
    String text = PREFIX + agentId.text() + "_" + depositId + "_" + Crockford.encode(secret);
    return new DepositToken(agentId, depositId, Secret.ofUtf8(text));
  }

  /**
   * The token that a page presents.
   *
   * @throws Unauthorized when it is none: the same answer as for a wrong one
   */
  public static DepositToken parse(String presented) {
    if (presented.length() != LENGTH
        || !presented.startsWith(PREFIX)
        || presented.charAt(AGENT_END) != '_'
        || presented.charAt(ID_END) != '_'
        || !Crockford.isCanonical(presented.substring(AGENT_END + 1, ID_END), ID_BITS)
        || !Crockford.isCanonical(presented.substring(ID_END + 1), SECRET_BYTES * Byte.SIZE)) {
      throw new Unauthorized();
    }
    AgentId agent =
        AgentId.parse(presented.substring(PREFIX.length(), AGENT_END))
            .orElseThrow(Unauthorized::new);
    return new DepositToken(
        agent, presented.substring(AGENT_END + 1, ID_END), Secret.ofUtf8(presented));
  }

  /** The identity whose vault it claims to be for. */
  public AgentId claimedId() {
    return agentId;
  }

  /** The deposit that it claims to open. */
  public String depositId() {
    return depositId;
  }

  /** What may be shown of it: the part that is no secret. */
  public String prefix() {
    return PREFIX + agentId.text() + "_" + depositId;
  }

  /** The whole token. */
  public Secret text() {
    return text;
  }

  /** What is stored to know it again: its SHA-256, as of an agent key. */
  public byte[] hash() {
    return sha256(text.expose());
  }

  /**
   * What a sign-in for this deposit is bound to: an issuer puts it into the token that it signs.
   *
   * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#NonceNotes">OpenID Connect
   *     Core 1.0, 15.5.2</a>
   */
  String nonce() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash());
  }

  /** What is stored to know a code again, worthless without the token: 40 bits can be tried. */
  public byte[] proofOf(String code) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(text.expose(), "HmacSHA256"));
      return mac.doFinal(code.toUpperCase(Locale.ROOT).getBytes(US_ASCII));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "DepositToken[redacted]";
  }
}
