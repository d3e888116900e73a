package io.agentvault.identity;

/**
 * What a caller presents to prove that it is an agent. It proves nothing by itself: only {@link
 * Authentication} can say whether it is true.
 */
public sealed interface Bearer permits AgentKey, ChildToken {
  /** The identity that it claims to be of. */
  AgentId claimedId();

  /**
   * The credential in {@code presented}.
   *
   * @throws io.agentvault.problem.Unauthorized when it is none: the same answer as for a wrong one
   */
  static Bearer parse(String presented) {
    return presented.startsWith(ChildToken.PREFIX)
        ? ChildToken.parse(presented)
        : AgentKey.parse(presented);
  }
}
