package io.agentvault.vault;

import io.agentvault.crypto.Randomness;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.Bearer;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.Crockford;
import io.agentvault.identity.DepositToken;
import io.agentvault.identity.Scope;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Conflict;
import io.agentvault.problem.NotFound;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.Deposit.Asker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** What an agent asks a human for: ask, list, withdraw. */
public final class Deposits {
  /** How long a link lives unless said otherwise. */
  public static final int USUAL_SECONDS = 900;

  /** The longest that a link may live. */
  public static final int LONGEST_SECONDS = 86_400;

  /** The shortest that one may live. */
  public static final int SHORTEST_SECONDS = 60;

  /** A human who is asked for more than this reads none of it. */
  static final int MOST_PENDING = 20;

  private final DepositStore store;
  private final Access access;
  private final Keyring keyring;
  private final Randomness randomness;
  private final Clock clock;

  Deposits(DepositStore store, Access access, Keyring keyring, Randomness randomness, Clock clock) {
    this.store = store;
    this.access = access;
    this.keyring = keyring;
    this.randomness = randomness;
    this.clock = clock;
  }

  /**
   * What an agent may say of the secret that it asks for.
   *
   * @param label where it goes
   * @param type what it is; empty for what it replaces, or else an API key
   * @param reason what the human is told
   * @param use where it may be used; empty for what holds for what it replaces
   * @param replace whether it goes over a credential that is there
   * @param lifetime of the link
   */
  public record Wish(
      Label label,
      Optional<CredentialType> type,
      Optional<String> reason,
      Optional<Data> use,
      boolean replace,
      Duration lifetime) {}

  /**
   * What the human is to be given: the link's token, and beside it the code.
   *
   * @param deposit what is stored of it
   */
  public record Asked(Deposit.Pending deposit, DepositToken token, String code) {}

  /**
   * Asks for a secret. Asked again while it is pending, it is the same deposit.
   *
   * @throws Conflict when the label is taken and {@code replace} is not said, or too many are
   *     pending
   * @throws NotFound when there is nothing to replace
   */
  public Asked ask(Bearer bearer, Wish wish, Deadline deadline) {
    return access.change(
        bearer,
        Operation.change("vault.requestDeposit", wish.label(), Scope.VAULT_USE, Scope.VAULT_WRITE),
        deadline,
        (entered, tries) -> {
          if (wish.replace()) {
            entered.agent().require(Scope.VAULT_WRITE);
          }
          return keyring.with(
              entered.agent(), deadline, unlocked -> ask(entered, unlocked, wish, deadline));
        });
  }

  private Optional<Asked> ask(
      Entered entered, Keyring.Unlocked unlocked, Wish wish, Deadline deadline) {
    Agent agent = entered.agent();
    DepositSeals seals = unlocked.deposits();
    DepositTerms terms = terms(entered.credential(), unlocked, wish);
    Optional<Asker> asker = Asker.of(agent);
    List<Deposit.Pending> pending = pending(agent, deadline);
    Optional<Deposit.Pending> same =
        pending.stream()
            .filter(each -> each.terms().equals(terms) && seals.vouchFor(each))
            .filter(
                each ->
                    each.maker() instanceof Deposit.Maker.OfAgent agents
                        && agents.asker().equals(asker))
            .findFirst();
    if (same.isPresent()) {
      entered.recordDone();
      return same.map(each -> new Asked(each, seals.token(each.id()), seals.code(each.id())));
    }
    if (pending.size() >= MOST_PENDING) {
      throw new Conflict("too many deposits are pending: withdraw one");
    }
    String id = Crockford.encode(randomness.bytes(DepositToken.ID_BITS / Byte.SIZE));
    Deposit.Pending made = seals.pending(id, terms, end(agent, wish), asker);
    return store.create(agent.identity(), made, entered.change(), deadline)
        ? Optional.of(new Asked(made, seals.token(id), seals.code(id)))
        : Optional.empty();
  }

  /** What a token asks for ends with it. */
  private Instant end(Agent agent, Wish wish) {
    Instant wished = now().plus(wish.lifetime());
    return agent.tokenId().isPresent()
        ? agent.limits().until().filter(wished::isAfter).orElse(wished)
        : wished;
  }

  private DepositTerms terms(
      Optional<StoredCredential> stored, Keyring.Unlocked unlocked, Wish wish) {
    Optional<Content> before = stored.map(unlocked::open);
    boolean taken = before.filter(content -> !content.isExpired(now())).isPresent();
    if (taken && !wish.replace()) {
      throw new Conflict("the credential exists: ask with replace, or for another label");
    }
    if (stored.isEmpty() && wish.replace()) {
      throw new NotFound("credential");
    }
    CredentialType type =
        wish.type().or(() -> before.map(Content::type)).orElse(CredentialType.API_KEY);
    return new DepositTerms(
        wish.label(),
        type,
        wish.reason(),
        unreadable(type, wish, before),
        stored.map(DepositTerms.Replaced::of));
  }

  /** Never readable: a page may not hand back through an agent what it collected for it. */
  private static UsePolicy unreadable(CredentialType type, Wish wish, Optional<Content> before) {
    UsePolicy use =
        wish.use()
            .map(given -> UsePolicyCodec.parse(type, given.expose()))
            .or(() -> before.flatMap(Content::use))
            .orElse(UsePolicy.NONE);
    if (use.allow().isEmpty() && type != CredentialType.TOTP) {
      throw new BadRequest("use.allow", "must name the hosts that the secret is for");
    }
    return new UsePolicy(false, use.allow(), use.as());
  }

  /**
   * The deposits for this agent whose time is not up, an operator's included; to a token, those of
   * its labels, and that what it asked for itself was handed in.
   */
  public List<Deposit> list(Bearer bearer, Deadline deadline) {
    return access.read(
        bearer,
        Operation.read("vault.listDeposits", Scope.VAULT_USE, Scope.VAULT_WRITE),
        deadline,
        entered ->
            store.list(entered.agent().identity().id(), deadline).stream()
                .filter(each -> each.expiresAt().isAfter(now()))
                .filter(each -> concerns(each, entered.agent()))
                .toList());
  }

  private static boolean concerns(Deposit deposit, Agent agent) {
    return switch (deposit) {
      case Deposit.Pending pending -> agent.limits().covers(pending.terms().label().text());
      case Deposit.Redeemed redeemed ->
          agent.limits().coverEverything() || redeemed.asker().equals(Asker.of(agent));
    };
  }

  private List<Deposit.Pending> pending(Agent agent, Deadline deadline) {
    return store.list(agent.identity().id(), deadline).stream()
        .filter(each -> each.expiresAt().isAfter(now()))
        .filter(Deposit.Pending.class::isInstance)
        .map(Deposit.Pending.class::cast)
        .filter(each -> each.wrongCodes() < Redemptions.MOST_WRONG_CODES)
        .toList();
  }

  /**
   * Ends a deposit; of one that was handed in, only the notice that it was.
   *
   * @throws NotFound when there is none, or none of its labels
   */
  public void withdraw(Bearer bearer, String depositId, Deadline deadline) {
    access.change(
        bearer,
        Operation.change("vault.withdrawDeposit", Scope.VAULT_USE, Scope.VAULT_WRITE),
        deadline,
        (entered, tries) -> {
          AgentId id = entered.agent().identity().id();
          if (!isWithin(entered.agent(), depositId, deadline)
              || !store.withdraw(id, depositId, entered.change(), deadline)) {
            throw new NotFound("deposit");
          }
          return Optional.of(depositId);
        });
  }

  private boolean isWithin(Agent agent, String depositId, Deadline deadline) {
    return agent.limits().coverEverything()
        || store
            .load(agent.identity().id(), depositId, deadline)
            .deposit()
            .filter(each -> concerns(each, agent))
            .isPresent();
  }

  /** What vouches for {@code text} in the name of the bearer's identity, and of no other. */
  public String vouch(Bearer bearer, String text, Deadline deadline) {
    Agent agent = access.enter(bearer, deadline);
    return keyring.with(agent, deadline, unlocked -> unlocked.deposits().vouch(text));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
