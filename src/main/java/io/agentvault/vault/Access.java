package io.agentvault.vault;

import io.agentvault.identity.Authentication;
import io.agentvault.identity.Bearer;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.Scope;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.Transactions;
import io.agentvault.vault.CredentialStore.Loaded;
import java.util.Optional;
import java.util.function.Function;

/** The way in: one read, the key verified against it, the scope held. */
final class Access {
  private final CredentialStore store;
  private final Authentication authentication;
  private final Backoff backoff;

  Access(CredentialStore store, Authentication authentication, Backoff backoff) {
    this.store = store;
    this.authentication = authentication;
    this.backoff = backoff;
  }

  /** The agent that presents {@code bearer}, if it has one of the scopes; any agent when none. */
  Agent enter(Bearer bearer, Deadline deadline, Scope... anyOf) {
    return admit(bearer, store.load(bearer, deadline), deadline, anyOf);
  }

  /**
   * The agent, and the credential of that label as it was in the same read.
   *
   * @throws io.agentvault.problem.Forbidden when the label is not within its limits, whether there
   *     is such a credential or not
   */
  Entered enter(Bearer bearer, Label label, Deadline deadline, Scope... anyOf) {
    Loaded loaded = store.load(bearer, label, deadline);
    Agent agent = admit(bearer, loaded, deadline, anyOf);
    agent.limits().require(label.text());
    return new Entered(agent, loaded.credential());
  }

  private Agent admit(Bearer bearer, Loaded loaded, Deadline deadline, Scope... anyOf) {
    Agent agent = authentication.authenticate(bearer, loaded.identity(), deadline);
    if (anyOf.length > 0) {
      agent.require(anyOf);
    }
    return agent;
  }

  /**
   * Tries a change, from the read on, until it is decided: a change that another one overtook is
   * tried on what is there then.
   *
   * @param change its result; empty when what it had read was no longer so
   * @throws Unavailable when others kept overtaking it until the deadline
   */
  <T> T untilDecided(Deadline deadline, Function<Integer, Optional<T>> change) {
    for (int failures = 1; ; failures++) {
      Optional<T> decided = change.apply(failures);
      if (decided.isPresent()) {
        return decided.get();
      }
      if (!backoff.before(failures, deadline)) {
        throw new Unavailable(Transactions.STORAGE, 1);
      }
    }
  }

  /**
   * Who came in, and what it asked for.
   *
   * @param agent whose key was verified
   * @param credential of the label, if there is one
   */
  record Entered(Agent agent, Optional<StoredCredential> credential) {}
}
