package io.agentvault.identity;

import io.agentvault.crypto.DataKeys;
import io.agentvault.problem.Tampered;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Deadline;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** The only place where a bearer becomes a {@link Caller.Agent}. */
public final class Authentication {
  private final Clock clock;
  private final DataKeys dataKeys;

  /**
   * @param dataKeys what vouches for child tokens
   */
  public Authentication(Clock clock, DataKeys dataKeys) {
    this.clock = clock;
    this.dataKeys = dataKeys;
  }

  /**
   * The agent that presents {@code bearer}, judged by the identity item that was read for this
   * call.
   *
   * @param identity what the store answered for the claimed id
   * @throws Unauthorized when there is none, or the key is neither its current one nor, within the
   *     grace, its previous one, or the token was not made from such a key or has ended
   */
  public Caller.Agent authenticate(Bearer bearer, Optional<Identity> identity, Deadline deadline) {
    Identity found =
        identity
            .filter(each -> each.id().equals(bearer.claimedId()))
            .orElseThrow(Unauthorized::new);
    return switch (bearer) {
      case AgentKey key -> authenticate(key, found);
      case ChildToken token -> authenticate(token, found, deadline);
    };
  }

  private Caller.Agent authenticate(AgentKey key, Identity identity) {
    KeyVerifier presented = KeyVerifier.of(key);
    return alive(identity)
        .filter(each -> each.verifier().matches(presented))
        .findFirst()
        .map(each -> agent(identity, each))
        .orElseThrow(Unauthorized::new);
  }

  private static Caller.Agent agent(Identity identity, LiveKey key) {
    return new Caller.Agent(
        identity,
        key.verifier(),
        Limits.of(identity, key.until()),
        Optional.empty(),
        AgentKey.prefix(identity.id()));
  }

  /** Child token §4: nothing is unwrapped for one that is too old or of another key. */
  private Caller.Agent authenticate(ChildToken token, Identity identity, Deadline deadline) {
    TokenBody said = token.body();
    if (!clock.instant().isBefore(said.expiresAt())) {
      throw new Unauthorized();
    }
    return alive(identity)
        .filter(key -> key.verifier().generation() == said.generation())
        .filter(key -> isVouchedFor(token, identity, key.verifier(), deadline))
        .findFirst()
        .map(
            key ->
                new Caller.Agent(
                    identity,
                    key.verifier(),
                    Limits.of(identity, key.until())
                        .and(
                            new Limits(
                                said.scopes(), said.labels(), Optional.of(said.expiresAt()))),
                    Optional.of(said.id()),
                    said.id().text()))
        .orElseThrow(Unauthorized::new);
  }

  private boolean isVouchedFor(
      ChildToken token, Identity identity, KeyVerifier key, Deadline deadline) {
    try {
      return dataKeys.with(
          identity.keyContext(),
          identity.wrappedDataKey().bytes(),
          deadline,
          dataKey -> token.isVouchedFor(key, dataKey));
    } catch (Tampered e) {
      return false; // a wrapped key that is not this identity's vouches for nothing
    }
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
        .map(
            found ->
                new Caller.Agent(
                    found,
                    found.current(),
                    Limits.of(found, Optional.empty()),
                    Optional.empty(),
                    token.prefix()))
        .orElseThrow(Unauthorized::new);
  }

  /** Whether a key of this generation, and so what was made from it, still works. */
  public boolean isAlive(Identity identity, long generation) {
    return alive(identity).anyMatch(key -> key.verifier().generation() == generation);
  }

  private Stream<LiveKey> alive(Identity identity) {
    Instant now = clock.instant();
    return Stream.concat(
        Stream.of(new LiveKey(identity.current(), Optional.empty())),
        identity.previous().stream()
            .filter(previous -> now.isBefore(previous.notAfter()))
            .map(each -> new LiveKey(each.verifier(), Optional.of(each.notAfter()))));
  }

  /** A key of the identity that works now. */
  private record LiveKey(KeyVerifier verifier, Optional<Instant> until) {}
}
