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
import io.agentvault.vault.Keyring.Unlocked;
import io.agentvault.vault.TokenState.Refusal;
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
  private final TokenEndpoint endpoint;
  private final Randomness randomness;
  private final Backoff.Pause pause;
  private final Clock clock;

  Renewal(
      AccessStore store,
      TokenEndpoint endpoint,
      Randomness randomness,
      Backoff.Pause pause,
      Clock clock) {
    this.store = store;
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
   * A token that lasts, renewed if need be; one that was renewed while the caller was there will
   * do, however short it lasts.
   *
   * @param unlocked the agent's keyring, for as long as this takes
   * @param handsOut whether the caller is given it
   */
  Current current(
      Entered entered, TokenGrant grant, Unlocked unlocked, boolean handsOut, Deadline deadline) {
    Holder holder = new Holder(entered, grant, unlocked, handsOut, deadline);
    Instant patience = clock.instant().plus(PATIENCE);
    StoredAccess seen = entered.access();
    long sealedBefore = seen.sealedAt();
    while (true) {
      Instant now = clock.instant();
      TokenState state = unlocked.open(seen, grant);
      Optional<Refusal> refusal = state.refusalOf(entered.found().revision());
      boolean renewedMeanwhile = seen.sealedAt() != sealedBefore && refusal.isEmpty();
      Optional<AccessToken> token = renewedMeanwhile ? state.valid(now) : state.fresh(now);
      if (token.isEmpty() && refusal.isPresent()) {
        throw new Reauthorize(refusal.get().error());
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
    private final Unlocked unlocked;
    private final boolean handsOut;
    private final Deadline deadline;

    Holder(
        Entered entered, TokenGrant grant, Unlocked unlocked, boolean handsOut, Deadline deadline) {
      this.entered = entered;
      this.grant = grant;
      this.unlocked = unlocked;
      this.handsOut = handsOut;
      this.deadline = deadline;
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
        release(id, leased);
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
        if (isHandedOut(out)) {
          return Optional.of(new Current(token, out, true));
        }
      }
      return written(id, leased, next).map(access -> new Current(token, access, false));
    }

    private boolean isHandedOut(StoredAccess out) {
      try {
        return store.write(entered.agent(), out, entered.change(), deadline) == Outcome.DONE;
      } catch (Unavailable e) {
        return false; // it may be written: whether it is shows when it is written again
      }
    }

    private Optional<Current> refused(
        String id, StoredAccess leased, TokenState state, String error) {
      if (!error.equals(INVALID_GRANT)) {
        release(id, leased); // what the client is may be mended at the server
        throw new Reauthorize(error);
      }
      Refusal refusal = new Refusal(error, entered.found().revision());
      if (written(id, leased, state.refused(refusal)).isPresent()) {
        throw new Reauthorize(error);
      }
      return Optional.empty(); // somebody else may have renewed: read again
    }

    /**
     * Writes while the lease is ours; others may have noted meanwhile what they handed out. What
     * the server gave is lost without it, so storage that fails is asked again until the deadline.
     */
    private Optional<StoredAccess> written(String id, StoredAccess leased, TokenState next) {
      StoredAccess seen = leased;
      while (seen.isLeasedTo(id)) {
        try {
          StoredAccess sealed = sealed(seen, next);
          if (isDone(store.write(entered.agent(), sealed, deadline))) {
            return Optional.of(sealed);
          }
          seen = store.read(entered.agent(), entered.found(), deadline);
        } catch (Unavailable e) {
          if (!deadline.allows(POLL.multipliedBy(2))) {
            throw e;
          }
          pause.sleep(POLL);
        }
      }
      return Optional.empty();
    }

    private StoredAccess sealed(StoredAccess seen, TokenState next) {
      return seen.sealed(
          unlocked.seal(seen.label(), seen.credentialId(), next, seen.revision() + 1));
    }

    /** So that the next one need not wait for the lease's end. */
    private void release(String id, StoredAccess leased) {
      StoredAccess seen = leased;
      try {
        while (seen.isLeasedTo(id)
            && store.write(entered.agent(), seen.released(), deadline) == Outcome.OVERTAKEN) {
          seen = store.read(entered.agent(), entered.found(), deadline);
        }
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
