package io.agentvault.vault;

import io.agentvault.identity.DepositToken;
import java.util.Optional;

/**
 * A human at a deposit's page.
 *
 * @param token of the link that was opened
 * @param ticket what a sign-in at the issuer was answered with, if there was one
 */
public record Visit(DepositToken token, Optional<String> ticket) {
  /** Of somebody who did not sign in. */
  public static Visit by(DepositToken token) {
    return new Visit(token, Optional.empty());
  }

  @Override
  public String toString() {
    return "Visit[redacted]";
  }
}
