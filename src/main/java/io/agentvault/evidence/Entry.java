package io.agentvault.evidence;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * One record: who did what with which credential, and how it ended. Never a value.
 *
 * @param agent whose log it stands in
 * @param key its place there (Evidence §1.2)
 * @param at when, to the millisecond
 * @param action in the words of direct invocation, such as {@code vault.get}
 * @param label the credential's, where the call was about one
 * @param actor the id of the key or token that proved who called; for an operator's act, its
 *     subject
 * @param way which way in: {@code http}, {@code mcp} or {@code direct}
 * @param status how it ended
 * @param problem the code of the answer, where it was an error
 * @param credentialId the credential's id, where there was one
 * @param upstream what a use called
 * @param durationMs from when the request was understood until the record was made
 * @param requestId as the caller was told
 */
public record Entry(
    String agent,
    String key,
    Instant at,
    String action,
    Optional<String> label,
    String actor,
    String way,
    Status status,
    Optional<String> problem,
    Optional<String> credentialId,
    Optional<Upstream> upstream,
    long durationMs,
    String requestId) {

  /** How what is recorded ended. */
  public enum Status {
    /** As asked. */
    SUCCESS,
    /** Not yet: the call to an upstream is about to be made. */
    ATTEMPT,
    /** A proven caller was not allowed to. */
    DENIED,
    /** Otherwise not. */
    ERROR;

    /** The spelling in records. */
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * What a use called.
   *
   * @param path without query
   * @param status upstream's, once it answered
   */
  public record Upstream(String host, String method, String path, Optional<Integer> status) {}

  /** The action of the line that follows a revocation's receipt. */
  static final String REVOCATION = "identity.revoke";

  /** What makes a caller's proof, or ends one. */
  private static final Set<String> OF_PROOFS = Set.of("identity.rotateKey", "vault.createToken");

  /** What listings are grouped by, in the words that clients ask with. */
  public String category() {
    if (OF_PROOFS.contains(action)) {
      return "auth";
    }
    return action.startsWith("identity.") ? "identity" : "vault";
  }

  /** How much it matters, in the words that clients ask with. */
  public String severity() {
    return switch (status) {
      case SUCCESS, ATTEMPT -> "INFO";
      case DENIED -> "WARNING";
      case ERROR -> "ERROR";
    };
  }
}
