package io.agentvault.identity;

import io.agentvault.problem.Forbidden;

/**
 * Someone who has proved who they are. Instances are made only where the proof is checked, so a
 * method that takes one needs no check of its own.
 */
public sealed interface Caller {

  /** An agent whose key was verified against its identity, read in this very call. */
  final class Agent implements Caller {
    private final Identity identity;

    Agent(Identity identity) {
      this.identity = identity;
    }

    /** The identity as it was read; its id is the partition of every item touched. */
    public Identity identity() {
      return identity;
    }

    /**
     * @throws Forbidden when the key has none of {@code anyOf}; names the first
     */
    public void require(Scope... anyOf) {
      for (Scope scope : anyOf) {
        if (identity.scopes().contains(scope)) {
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

    /** Who it is, for receipts: the token's subject, or the way in. */
    public String name() {
      return name;
    }
  }
}
