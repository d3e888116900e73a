package io.agentvault.vault;

import io.agentvault.identity.Caller.Agent;
import java.time.Instant;
import java.util.Optional;

/** A deposit as it is stored: neither the token nor the code can be had from it. */
public sealed interface Deposit {
  /** Its name, 26 characters. */
  String id();

  /** The SHA-256 of its token. */
  byte[] tokenHash();

  /** From this instant on its link does nothing. */
  Instant expiresAt();

  /**
   * Nobody has handed it in.
   *
   * @param terms what is asked for
   * @param codeProof of the code, under the token
   * @param maker who asks
   * @param wrongCodes how often a wrong code was tried
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes it
  record Pending(
      String id,
      byte[] tokenHash,
      Instant expiresAt,
      DepositTerms terms,
      byte[] codeProof,
      Maker maker,
      int wrongCodes)
      implements Deposit {
    /** This deposit as its page shows it, and as it will be sealed. */
    Pending withUse(UsePolicy use) {
      DepositTerms sealed =
          new DepositTerms(terms.label(), terms.type(), terms.reason(), use, terms.replaces());
      return new Pending(id, tokenHash, expiresAt, sealed, codeProof, maker, wrongCodes);
    }
  }

  /** It was handed in; all that is left of it says so, until its time is up. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes it
  record Redeemed(String id, byte[] tokenHash, Instant expiresAt, Optional<Asker> asker)
      implements Deposit {}

  /**
   * The child token by which an agent asked; what it asked for ends with it.
   *
   * @param token its id
   * @param generation of the agent key that it came from
   */
  record Asker(String token, long generation) {
    static Optional<Asker> of(Agent agent) {
      return agent.tokenId().map(id -> new Asker(id.text(), agent.keyGeneration()));
    }
  }

  /** Who asks for a deposit. */
  sealed interface Maker {
    /**
     * The agent itself, or a token of its in its name, whose request is under a MAC: with the table
     * alone, nobody sends a human's secret elsewhere.
     */
    @SuppressWarnings("ArrayRecordComponent") // compared in constant time
    record OfAgent(byte[] mac, Optional<Asker> asker) implements Maker {}

    /** An operator, who can't derive anything from the data key. */
    record OfOperator(String name) implements Maker {}
  }
}
