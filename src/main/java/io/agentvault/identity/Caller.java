package io.agentvault.identity;

import io.agentvault.evidence.Act;
import io.agentvault.problem.Forbidden;
import io.agentvault.remote.Deadline;
import java.time.Instant;
import java.util.Optional;

/**
 * Someone who has proved who they are. Instances are made only where the proof is checked, so a
 * method that takes one needs no check of its own.
 */
public sealed interface Caller {

  /**
   * An agent whose key, or a token made from it, was verified against its identity, read in this
   * very call.
   */
  final class Agent implements Caller {
    private final Identity identity;
    private final KeyVerifier key;
    private final Limits limits;
    private final Optional<TokenId> tokenId;
    private final String actor;

    Agent(
        Identity identity,
        KeyVerifier key,
        Limits limits,
        Optional<TokenId> tokenId,
        String actor) {
      this.identity = identity;
      this.key = key;
      this.limits = limits;
      this.tokenId = tokenId;
      this.actor = actor;
    }

    /** The identity as it was read; its id is the partition of every item touched. */
    public Identity identity() {
      return identity;
    }

    /** What it may do in this call, and nothing beyond. */
    public Limits limits() {
      return limits;
    }

    /** The token that it presented, if it was one. */
    public Optional<TokenId> tokenId() {
      return tokenId;
    }

    /** Who it is in records: the token's id, or what may be shown of the key. */
    public String actor() {
      return actor;
    }

    /** How many keys the identity had before the one that it presented or that its token is of. */
    public long keyGeneration() {
      return key.generation();
    }

    /** The verifier of the key that it presented, or that its token was made from. */
    KeyVerifier key() {
      return key;
    }

    /**
     * @throws Forbidden when the key has none of {@code anyOf}; names the first
     */
    public void require(Scope... anyOf) {
      for (Scope scope : anyOf) {
        if (limits.scopes().contains(scope)) {
          return;
        }
      }
      throw new Forbidden(anyOf[0].text());
    }
  }

  /** An operator whose token was verified, or whom IAM let invoke the function directly. */
  final class Operator implements Caller {
    private final String tenant;
    private final String name;

    Operator(String tenant, String name) {
      this.tenant = tenant;
      this.name = name;
    }

    /** The only tenant whose identities this operator sees. */
    public String tenant() {
      return tenant;
    }

    /** What it does to an identity, for the record. */
    public Act acts(String action, AgentId id, Deadline deadline, Instant begun) {
      return new Act(id.text(), name, action, Optional.empty(), begun, deadline);
    }

    /** Who it is, for receipts and records: the token's subject, or the way in. */
    public String name() {
      return name;
    }
  }
}
