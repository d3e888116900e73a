package io.agentvault.vault;

import io.agentvault.crypto.Randomness;
import io.agentvault.identity.Bearer;
import io.agentvault.identity.Scope;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Expired;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Reauthorize;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.Renewal.Current;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Access tokens of OAUTH credentials: handed out, or put into a use. */
public final class AccessTokens {
  private final AccessStore store;
  private final Access access;
  private final Keyring keyring;
  private final Renewal renewal;
  private final Clock clock;

  AccessTokens(
      AccessStore store,
      Access access,
      Keyring keyring,
      TokenEndpoint endpoint,
      Randomness randomness,
      Backoff.Pause pause,
      Clock clock) {
    this.store = store;
    this.access = access;
    this.keyring = keyring;
    this.renewal = new Renewal(store, keyring, endpoint, randomness, pause, clock);
    this.clock = clock;
  }

  /**
   * An access token, renewed when it ends within a minute. When it ends is in the vault before it
   * is answered, so that a revocation can tell.
   *
   * @throws BadRequest when the credential is none that gets tokens
   * @throws Forbidden when its data can't be read
   * @throws Reauthorize when only a human can mend it
   * @throws Unavailable when somebody else renews it and did not come to an end
   */
  public AccessToken token(Bearer bearer, Label label, Deadline deadline) {
    return access.change(
        bearer,
        Operation.change("vault.token", label, Scope.VAULT_USE, Scope.VAULT_READ),
        deadline,
        (entered, tries) -> {
          Content content =
              keyring.with(entered.agent(), deadline, unlocked -> unlocked.open(entered.found()));
          if (content.isExpired(clock.instant())) {
            throw new Expired();
          }
          if (!content.isReadable()) {
            throw Forbidden.because("the credential can be used, not read");
          }
          TokenGrant grant =
              TokenGrant.of(content)
                  .orElseThrow(
                      () ->
                          new BadRequest(
                              "label",
                              "must name an OAUTH credential with tokenUrl, clientId and what its"
                                  + " grant and clientAuth need"));
          return handedOut(entered, renewal.current(entered, grant, true, deadline), deadline);
        });
  }

  private Optional<AccessToken> handedOut(Entered entered, Current current, Deadline deadline) {
    if (current.recorded()) {
      return Optional.of(current.token());
    }
    Instant end = current.token().expiresAt();
    if (current.access().covers(end)) {
      entered.recordDone();
      return Optional.of(current.token());
    }
    StoredAccess next = current.access().withHandedOut(end);
    return switch (store.write(entered.agent(), next, entered.change(), deadline)) {
      case DONE -> Optional.of(current.token());
      case OVERTAKEN, IDENTITY_CHANGED, CREDENTIAL_GONE -> Optional.empty();
    };
  }

  /**
   * A credential to make a call with: with a token that lasts, where that is what is put in.
   *
   * @throws Reauthorize when only a human can mend it
   * @throws NotFound when the credential went meanwhile
   * @throws Unauthorized when the identity did
   */
  public Usable ready(Usable usable, Deadline deadline) {
    Optional<TokenGrant> grant = usable.grant();
    return grant.isEmpty()
        ? usable
        : usable.with(renewal.current(usable.entered(), grant.get(), false, deadline).token());
  }
}
