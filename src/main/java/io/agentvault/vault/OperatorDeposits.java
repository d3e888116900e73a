package io.agentvault.vault;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.crypto.Randomness;
import io.agentvault.evidence.Act;
import io.agentvault.evidence.Recorder;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.Caller.Operator;
import io.agentvault.identity.Crockford;
import io.agentvault.identity.DepositToken;
import io.agentvault.identity.Identities;
import io.agentvault.identity.Identity;
import io.agentvault.problem.Conflict;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.Transactions;
import io.agentvault.vault.Deposits.Asked;
import io.agentvault.vault.Deposits.Wish;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * What an operator asks for: it can have a vault filled that it can't read. It has no data key, so
 * its tokens are random, and asking again is another deposit.
 */
public final class OperatorDeposits {
  private static final int CODE_BYTES = 5;

  private final DepositStore store;
  private final Recorder recorder;
  private final Identities identities;
  private final Randomness randomness;
  private final Backoff backoff;
  private final Clock clock;

  private OperatorDeposits(
      DepositStore store,
      Recorder recorder,
      Identities identities,
      Randomness randomness,
      Backoff backoff,
      Clock clock) {
    this.store = store;
    this.recorder = recorder;
    this.identities = identities;
    this.randomness = randomness;
    this.backoff = backoff;
    this.clock = clock;
  }

  /** On the vault's table. */
  public static OperatorDeposits onDynamoDb(
      DynamoDbClient client,
      String table,
      Backoff backoff,
      Recorder recorder,
      Identities identities,
      ObjectMapper json,
      Randomness randomness,
      Clock clock) {
    return new OperatorDeposits(
        new DynamoDbDepositStore(client, backoff, table, json),
        recorder,
        identities,
        randomness,
        backoff,
        clock);
  }

  /**
   * Asks for a secret for an agent of the operator's tenant; it may be made readable.
   *
   * @throws NotFound when the tenant has no such identity, or there is nothing to replace
   * @throws Conflict when the label is taken and {@code replace} is not said
   */
  public Asked ask(Operator operator, AgentId id, Wish wish, Deadline deadline) {
    Instant begun = clock.instant();
    for (int failures = 1; ; failures++) {
      Identity identity = identities.get(operator, id, deadline);
      String depositId = Crockford.encode(randomness.bytes(DepositToken.ID_BITS / Byte.SIZE));
      DepositToken token =
          DepositToken.of(id, depositId, randomness.bytes(DepositToken.SECRET_BYTES));
      String code = DepositSeals.code(randomness.bytes(CODE_BYTES));
      Deposit.Pending deposit =
          new Deposit.Pending(
              depositId,
              token.hash(),
              clock.instant().truncatedTo(ChronoUnit.MILLIS).plus(wish.lifetime()),
              terms(id, wish, deadline),
              token.proofOf(code),
              new Deposit.Maker.OfOperator(operator.name()),
              0);
      Act act =
          operator.acts("identity.requestDeposit", id, deadline, begun).on(wish.label().text());
      if (store.create(identity, deposit, recorder.change(act, Optional.empty()), deadline)) {
        return new Asked(deposit, token, code);
      }
      if (!backoff.before(failures, deadline)) {
        throw new Unavailable(Transactions.STORAGE, 1);
      }
    }
  }

  private DepositTerms terms(AgentId id, Wish wish, Deadline deadline) {
    Optional<StoredCredential> stored = store.credential(id, wish.label(), deadline);
    boolean taken =
        stored
            .filter(
                each ->
                    each.times().timeToLive().filter(at -> at.isBefore(clock.instant())).isEmpty())
            .isPresent();
    if (taken && !wish.replace()) {
      throw new Conflict("the credential exists: ask with replace, or for another label");
    }
    if (stored.isEmpty() && wish.replace()) {
      throw new NotFound("credential");
    }
    CredentialType type = wish.type().orElse(CredentialType.API_KEY);
    UsePolicy use =
        wish.use().map(given -> UsePolicyCodec.parse(type, given.expose())).orElse(UsePolicy.NONE);
    return new DepositTerms(
        wish.label(), type, wish.reason(), use, stored.map(DepositTerms.Replaced::of));
  }

  /** What is pending for an identity of the operator's tenant, and what was handed in. */
  public List<Deposit> list(Operator operator, AgentId id, Deadline deadline) {
    Identity identity = identities.get(operator, id, deadline);
    return store.list(identity.id(), deadline).stream()
        .filter(each -> each.expiresAt().isAfter(clock.instant()))
        .toList();
  }

  /**
   * Ends a deposit for an identity of the operator's tenant.
   *
   * @throws NotFound when there is none
   */
  public void withdraw(Operator operator, AgentId id, String depositId, Deadline deadline) {
    Instant begun = clock.instant();
    Identity identity = identities.get(operator, id, deadline);
    Act act = operator.acts("identity.withdrawDeposit", id, deadline, begun);
    if (!store.withdraw(
        identity.id(), depositId, recorder.change(act, Optional.empty()), deadline)) {
      throw new NotFound("deposit");
    }
  }
}
