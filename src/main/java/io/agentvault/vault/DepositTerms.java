package io.agentvault.vault;

import io.agentvault.problem.BadRequest;
import java.util.Optional;

/**
 * What a human is asked for.
 *
 * @param label where it goes
 * @param type what it is
 * @param reason what the human is told
 * @param use where it may be used, as it will be sealed
 * @param replaces the credential that it goes over, as it was when this was asked
 */
public record DepositTerms(
    Label label,
    CredentialType type,
    Optional<String> reason,
    UsePolicy use,
    Optional<Replaced> replaces) {
  private static final int LONGEST_REASON = 500;

  public DepositTerms {
    if (reason.filter(text -> !isReason(text)).isPresent()) {
      throw new BadRequest(
          "reason",
          "must be 1 to " + LONGEST_REASON + " characters, none of them a control character");
    }
  }

  private static boolean isReason(String text) {
    return !text.isBlank()
        && text.codePointCount(0, text.length()) <= LONGEST_REASON
        && text.codePoints().noneMatch(Character::isISOControl);
  }

  /** A credential of this very revision. */
  public record Replaced(String credentialId, long revision) {
    static Replaced of(StoredCredential stored) {
      return new Replaced(stored.credentialId(), stored.revision());
    }
  }
}
