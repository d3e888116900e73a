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
import io.agentvault.vault.AccessStore.Outcome;
import io.agentvault.vault.Renewal.Current;
import java.time.Clock;
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
    this.renewal = new Renewal(store, endpoint, randomness, pause, clock);
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
          StoredCredential stored = entered.found();
          return keyring.with(
              entered.agent(),
              deadline,
              unlocked -> {
                TokenGrant grant = readable(unlocked.open(stored));
                return handedOut(
                    entered, renewal.current(entered, grant, unlocked, true, deadline), deadline);
              });
        });
  }

  private TokenGrant readable(Content content) {
    if (content.isExpired(clock.instant())) {
      throw new Expired();
    }
    if (!content.isReadable()) {
      throw Forbidden.because("the credential can be used, not read");
    }
    return TokenGrant.of(content)
        .orElseThrow(
            () ->
                new BadRequest(
                    "label",
                    "must name an OAUTH credential with tokenUrl, clientId and what its grant and"
                        + " clientAuth need"));
  }

  private Optional<AccessToken> handedOut(Entered entered, Current current, Deadline deadline) {
    if (current.recorded()) {
      return Optional.of(current.token());
    }
    return switch (noted(entered, current.access(), current.token(), deadline)) {
      case DONE -> Optional.of(current.token());
      // whoever came first has most likely noted the end of the same token
      case OVERTAKEN ->
          Optional.of(store.read(entered.agent(), entered.found(), deadline))
              .filter(seen -> noted(entered, seen, current.token(), deadline) == Outcome.DONE)
              .map(done -> current.token());
      case IDENTITY_CHANGED, CREDENTIAL_GONE -> Optional.empty();
    };
  }

  private Outcome noted(Entered entered, StoredAccess seen, AccessToken token, Deadline deadline) {
    if (seen.covers(token.expiresAt())) {
      entered.recordDone();
      return Outcome.DONE;
    }
    StoredAccess next = seen.withHandedOut(token.expiresAt());
    return store.write(entered.agent(), next, entered.change(), deadline);
  }

  /**
   * A credential to make a call with: with a token that lasts, where that is what is put in.
   *
   * @throws Reauthorize when only a human can mend it
   * @throws NotFound when the credential went meanwhile
   * @throws Unauthorized when the identity did
   */
  public Usable ready(Usable usable, Deadline deadline) {
    if (!usable.lacksToken()) {
      return usable;
    }
    Entered entered = usable.entered();
    TokenGrant grant = usable.grant().orElseThrow();
    return keyring.with(
        entered.agent(),
        deadline,
        unlocked ->
            usable.with(renewal.current(entered, grant, unlocked, false, deadline).token()));
  }
}
