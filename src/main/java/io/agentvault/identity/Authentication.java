package io.agentvault.identity;

import io.agentvault.problem.Unauthorized;
import java.time.Clock;
import java.util.Optional;

/** The only place where a bearer becomes a {@link Caller.Agent}. */
public final class Authentication {
  private final Clock clock;

  public Authentication(Clock clock) {
    this.clock = clock;
  }

  /**
   * The agent that presents {@code bearer}, judged by the identity item that was read for this
   * call.
   *
   * @param identity what the store answered for the claimed id
   * @throws Unauthorized when there is none, or the key is neither its current one nor, within the
   *     grace, its previous one
   */
  public Caller.Agent authenticate(Bearer bearer, Optional<Identity> identity) {
    KeyVerifier presented =
        switch (bearer) {
          case AgentKey key -> KeyVerifier.of(key);
        };
    return identity
        .filter(found -> found.id().equals(bearer.claimedId()) && opens(presented, found))
        .map(found -> new Caller.Agent(found, AgentKey.prefix(found.id())))
        .orElseThrow(Unauthorized::new);
  }

  /**
   * The agent into whose vault a deposit goes: the caller has checked the token against the deposit
   * that was read with the identity, and may do nothing but store what it asks for.
   *
   * @throws Unauthorized when the identity is gone
   */
  public Caller.Agent admit(DepositToken token, Optional<Identity> identity) {
    return identity
        .filter(found -> found.id().equals(token.claimedId()))
        .map(found -> new Caller.Agent(found, token.prefix()))
        .orElseThrow(Unauthorized::new);
  }

  private boolean opens(KeyVerifier presented, Identity identity) {
    return identity.current().matches(presented)
        || identity
            .previous()
            .filter(previous -> clock.instant().isBefore(previous.notAfter()))
            .filter(previous -> previous.verifier().matches(presented))
            .isPresent();
  }
}
