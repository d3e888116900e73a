package io.agentvault.vault;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is sealed of an OAUTH credential's access: its newest token and refresh token.
 *
 * @param origin the grant that the refresh token belongs to
 * @param wish what the token was asked for with
 * @param token the newest access token
 * @param refreshToken the newest one, where the server gave another than the stored one
 * @param refusal how the server refused the grant for good
 */
record TokenState(
    String origin,
    String wish,
    Optional<AccessToken> token,
    Optional<String> refreshToken,
    Optional<Refusal> refusal) {
  /**
   * A grant refused for good.
   *
   * @param error the code of RFC 6749 §5.2
   * @param revision of the credential that was refused: whoever stores it anew may have mended it
   */
  record Refusal(String error, long revision) {}

  /** With less left a token is renewed: what it is put into takes its time too. */
  static final Duration FRESH = Duration.ofSeconds(60);

  /** Nothing known yet. */
  static TokenState none(TokenGrant grant) {
    return new TokenState(
        grant.origin(), grant.wish(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** As far as it is about {@code grant}: what belongs to another one is left out. */
  TokenState of(TokenGrant grant) {
    if (!origin.equals(grant.origin())) {
      return none(grant);
    }
    return new TokenState(
        origin,
        grant.wish(),
        wish.equals(grant.wish()) ? token : Optional.empty(),
        refreshToken,
        refusal);
  }

  /** The token, if it lasts a while. */
  Optional<AccessToken> fresh(Instant now) {
    return token.filter(each -> each.expiresAt().isAfter(now.plus(FRESH)));
  }

  /** The token, if its upstream still takes it. */
  Optional<AccessToken> valid(Instant now) {
    return token.filter(each -> each.expiresAt().isAfter(now));
  }

  /** With a token that was just issued. */
  TokenState with(AccessToken issued, Optional<String> newRefreshToken) {
    return new TokenState(
        origin,
        wish,
        Optional.of(issued),
        newRefreshToken.or(() -> refreshToken),
        Optional.empty());
  }

  /** With the grant refused for good. */
  TokenState refused(Refusal now) {
    return new TokenState(origin, wish, token, refreshToken, Optional.of(now));
  }

  /** Whether the server refused it as that revision of the credential has it. */
  Optional<Refusal> refusalOf(long revision) {
    return refusal.filter(each -> each.revision() == revision);
  }

  @Override
  public String toString() {
    return "TokenState[redacted]";
  }
}
