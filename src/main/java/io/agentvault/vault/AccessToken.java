package io.agentvault.vault;

import java.time.Instant;
import java.util.Optional;

/**
 * What an upstream takes for a while.
 *
 * @param text the token, a secret
 * @param type how it is sent, such as {@code Bearer}
 * @param expiresAt when its upstream stops taking it, as far as it said
 * @param scope what it is good for, where the authorization server said so
 */
public record AccessToken(String text, String type, Instant expiresAt, Optional<String> scope) {
  @Override
  public String toString() {
    return "AccessToken[redacted]";
  }
}
