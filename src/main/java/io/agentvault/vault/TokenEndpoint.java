package io.agentvault.vault;

import io.agentvault.remote.Deadline;
import java.util.Optional;

/** The authorization server's token endpoint (RFC 6749 §3.2). */
public interface TokenEndpoint {
  /**
   * Asks once for an access token; never repeated.
   *
   * @param refreshToken the newest one, where the grant is a refresh token
   * @throws io.agentvault.problem.UpstreamUnreachable when there was no answer that could be read
   * @throws io.agentvault.problem.UpstreamTooLarge when the answer was over a limit
   * @throws io.agentvault.problem.UpstreamTimeout when it came too late
   */
  Answer ask(TokenGrant grant, Optional<String> refreshToken, Deadline deadline);

  /** What it answered. */
  sealed interface Answer {
    /**
     * A token.
     *
     * @param expiresInSeconds from when it was answered; absent where it did not say
     * @param refreshToken which takes the place of the one before, where there is one
     */
    record Issued(
        String accessToken,
        String type,
        Optional<Long> expiresInSeconds,
        Optional<String> scope,
        Optional<String> refreshToken)
        implements Answer {
      @Override
      public String toString() {
        return "Issued[redacted]";
      }
    }

    /**
     * No token.
     *
     * @param error one of the codes of RFC 6749 §5.2
     */
    record Refused(String error) implements Answer {}
  }
}
