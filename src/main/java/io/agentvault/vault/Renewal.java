package io.agentvault.vault;

import io.agentvault.crypto.Randomness;
import io.agentvault.identity.Crockford;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Reauthorize;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.AccessStore.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Keeps one access token alive for all who want it. One renews at a time, under a lease that
 * outlasts its holder's deadline and that each of its writes stands on; what the server answers is
 * stored before it is used. Whoever dies between the server's answer and the write may lose a
 * rotated refresh token: the next one tries the old one once, and then only a human can mend it.
 */
final class Renewal {
  /** Nobody waits longer for another's renewal. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration POLL = Duration.ofMillis(200);

  /** Kept of the deadline for the write of what the server answers. */
  private static final Duration ROOM_TO_WRITE = Duration.ofSeconds(2);

  /** What clocks of two instances may differ by. */
  private static final Duration OUTLASTS = Duration.ofSeconds(5);

  /** What a token lasts where the server does not say. */
  private static final long UNSAID_SECONDS = 300;

  private static final int LEASE_ID_BYTES = 16;
  private static final String INVALID_GRANT = "invalid_grant";

  private final AccessStore store;
  private final Keyring keyring;
  private final TokenEndpoint endpoint;
  private final Randomness randomness;
  private final Backoff.Pause pause;
  private final Clock clock;

  Renewal(
      AccessStore store,
      Keyring keyring,
      TokenEndpoint endpoint,
      Randomness randomness,
      Backoff.Pause pause,
      Clock clock) {
    this.store = store;
    this.keyring = keyring;
    this.endpoint = endpoint;
    this.randomness = randomness;
    this.pause = pause;
    this.clock = clock;
  }

  /**
   * The token, and where it stands.
   *
   * @param recorded whether its handing out is written already, record and all
   */
  record Current(AccessToken token, StoredAccess access, boolean recorded) {}

  /**
   * A token that lasts, renewed if need be.
   *
   * @param handsOut whether the caller is given it
   */
  Current current(Entered entered, TokenGrant grant, boolean handsOut, Deadline deadline) {
    Holder holder = new Holder(entered, grant, handsOut, deadline);
    Instant patience = clock.instant().plus(PATIENCE);
    StoredAccess seen = entered.access();
    while (true) {
      Instant now = clock.instant();
      TokenState state = holder.open(seen);
      Optional<AccessToken> token = state.fresh(now);
      if (token.isEmpty() && state.refused().isPresent()) {
        throw new Reauthorize(state.refused().get());
      }
      if (token.isEmpty() && !seen.isLeased(now)) {
        Optional<Current> renewed = holder.renewed(seen, state);
        if (renewed.isPresent()) {
          return renewed.get();
        }
      } else {
        token = token.or(() -> state.valid(now));
        if (token.isPresent()) {
          return new Current(token.get(), seen, false);
        }
        waitFor(patience, deadline);
      }
      seen = store.read(entered.agent(), entered.found(), deadline);
    }
  }

  private void waitFor(Instant patience, Deadline deadline) {
    if (!clock.instant().isBefore(patience) || !deadline.allows(POLL.multipliedBy(2))) {
      throw new Unavailable("access token", 1);
    }
    pause.sleep(POLL);
  }

  /** One caller that may renew. */
  private final class Holder {
    private final Entered entered;
    private final TokenGrant grant;
    private final boolean handsOut;
    private final Deadline deadline;

    Holder(Entered entered, TokenGrant grant, boolean handsOut, Deadline deadline) {
      this.entered = entered;
      this.grant = grant;
      this.handsOut = handsOut;
      this.deadline = deadline;
    }

    TokenState open(StoredAccess access) {
      if (access.sealed().isEmpty()) {
        return TokenState.none(grant);
      }
      return keyring.with(entered.agent(), deadline, unlocked -> unlocked.open(access)).of(grant);
    }

    /** Empty when somebody else came first. */
    Optional<Current> renewed(StoredAccess seen, TokenState state) {
      String id = Crockford.encode(randomness.bytes(LEASE_ID_BYTES));
      StoredAccess leased =
          seen.leased(new StoredAccess.Lease(id, deadline.instant().plus(OUTLASTS)));
      if (!isDone(store.write(entered.agent(), leased, deadline))) {
        return Optional.empty();
      }
      TokenEndpoint.Answer answer;
      try {
        answer =
            endpoint.ask(
                grant,
                state.refreshToken().or(grant::storedRefreshToken),
                deadline.less(ROOM_TO_WRITE));
      } catch (Problem problem) {
        release(leased);
        throw problem;
      }
      return switch (answer) {
        case TokenEndpoint.Answer.Issued issued -> stored(id, leased, state, issued);
        case TokenEndpoint.Answer.Refused(String error) -> refused(id, leased, state, error);
      };
    }

    private Optional<Current> stored(
        String id, StoredAccess leased, TokenState state, TokenEndpoint.Answer.Issued issued) {
      Instant end =
          clock
              .instant()
              .truncatedTo(ChronoUnit.MILLIS)
              .plusSeconds(issued.expiresInSeconds().orElse(UNSAID_SECONDS));
      AccessToken token = new AccessToken(issued.accessToken(), issued.type(), end, issued.scope());
      TokenState next = state.with(token, issued.refreshToken());
      if (handsOut) {
        StoredAccess out = sealed(leased, next).handedOut(end);
        if (store.write(entered.agent(), out, entered.change(), deadline) == Outcome.DONE) {
          return Optional.of(new Current(token, out, true));
        }
      }
      return written(id, leased, next).map(access -> new Current(token, access, false));
    }

    private Optional<Current> refused(
        String id, StoredAccess leased, TokenState state, String error) {
      if (!error.equals(INVALID_GRANT)) {
        release(leased); // what the client is may be mended at the server
        throw new Reauthorize(error);
      }
      if (written(id, leased, state.refused(error)).isPresent()) {
        throw new Reauthorize(error);
      }
      return Optional.empty(); // somebody else may have renewed: read again
    }

    /** Writes while the lease is ours; others may have noted meanwhile what they handed out. */
    private Optional<StoredAccess> written(String id, StoredAccess leased, TokenState next) {
      StoredAccess seen = leased;
      while (seen.isLeasedTo(id)) {
        StoredAccess sealed = sealed(seen, next);
        if (isDone(store.write(entered.agent(), sealed, deadline))) {
          return Optional.of(sealed);
        }
        seen = store.read(entered.agent(), entered.found(), deadline);
      }
      return Optional.empty();
    }

    private StoredAccess sealed(StoredAccess seen, TokenState next) {
      return seen.sealed(
          keyring.with(
              entered.agent(),
              deadline,
              unlocked ->
                  unlocked.seal(seen.label(), seen.credentialId(), next, seen.revision() + 1)));
    }

    /** So that the next one need not wait for the lease's end. */
    private void release(StoredAccess leased) {
      try {
        store.write(entered.agent(), leased.released(), deadline);
      } catch (Problem problem) {
        // then it ends by itself
      }
    }

    private static boolean isDone(Outcome outcome) {
      return switch (outcome) {
        case DONE -> true;
        case OVERTAKEN -> false;
        case IDENTITY_CHANGED -> throw new Unauthorized();
        case CREDENTIAL_GONE -> throw new NotFound("credential");
      };
    }
  }
}
