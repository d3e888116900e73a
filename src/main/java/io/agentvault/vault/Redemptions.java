package io.agentvault.vault;

import io.agentvault.identity.Authentication;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.DepositToken;
import io.agentvault.identity.Identity;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Conflict;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.Deposit.Maker;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What a human does with a deposit's link: look, and hand in. Nothing can be read back by it. */
public final class Redemptions {
  /** So many wrong codes end a deposit. */
  static final int MOST_WRONG_CODES = 5;

  private final DepositStore store;
  private final Vault vault;
  private final Access access;
  private final Authentication authentication;
  private final Keyring keyring;
  private final Clock clock;
  private final boolean asksSignIn;

  Redemptions(
      DepositStore store,
      Vault vault,
      Access access,
      Authentication authentication,
      Keyring keyring,
      Clock clock) {
    this(store, vault, access, authentication, keyring, clock, false);
  }

  private Redemptions(
      DepositStore store,
      Vault vault,
      Access access,
      Authentication authentication,
      Keyring keyring,
      Clock clock,
      boolean asksSignIn) {
    this.asksSignIn = asksSignIn;
    this.store = store;
    this.vault = vault;
    this.access = access;
    this.authentication = authentication;
    this.keyring = keyring;
    this.clock = clock;
  }

  /** These, for humans who sign in first and are depositors of the identity. */
  public Redemptions askingForSignIn() {
    return new Redemptions(store, vault, access, authentication, keyring, clock, true);
  }

  /**
   * What the page shows.
   *
   * @param identity whose vault it goes into
   * @param deposit what is asked for
   * @param previousUse where what it replaces may be used
   */
  public record Shown(
      Identity identity, Deposit.Pending deposit, Optional<UsePolicy> previousUse) {}

  /**
   * Looks at a deposit; nothing changes by it.
   *
   * @return empty when the human is to sign in first
   * @throws Unauthorized when there is none that this token opens, or its time is up
   * @throws Conflict when it was handed in
   * @throws Forbidden when the human is none of the identity's depositors
   */
  public Optional<Shown> look(Visit visit, Deadline deadline) {
    Opened opened = open(visit.token(), deadline);
    if (asksSignIn && subject(visit, opened, deadline).isEmpty()) {
      return Optional.empty();
    }
    checkDepositor(visit, opened, deadline);
    Optional<UsePolicy> previous = replacedUse(opened, deadline);
    return Optional.of(
        new Shown(
            opened.agent().identity(),
            opened.deposit().withUse(sealedUse(opened.deposit(), previous)),
            previous));
  }

  /**
   * Lets a human in who signed in for this deposit: what the page is to present from now on.
   *
   * @param subject whom the issuer named
   */
  public String ticket(DepositToken token, String subject, Deadline deadline) {
    Opened opened = open(token, deadline);
    return keyring.with(
        opened.agent(),
        deadline,
        unlocked -> unlocked.deposits().tickets().issue(token.depositId(), subject, now()));
  }

  private Optional<String> subject(Visit visit, Opened opened, Deadline deadline) {
    return visit
        .ticket()
        .flatMap(
            ticket ->
                keyring.with(
                    opened.agent(),
                    deadline,
                    unlocked ->
                        unlocked
                            .deposits()
                            .tickets()
                            .subject(opened.deposit().id(), ticket, now())));
  }

  /** MCP demands that whoever opens the link is the one whom it was made for. */
  private void checkDepositor(Visit visit, Opened opened, Deadline deadline) {
    if (!asksSignIn) {
      return;
    }
    String subject =
        subject(visit, opened, deadline)
            .orElseThrow(() -> Forbidden.because("sign in first: the sign-in is missing or over"));
    if (!opened.agent().identity().depositors().contains(subject)) {
      throw Forbidden.because("who signed in is none of the identity's depositors");
    }
  }

  private Instant now() {
    return clock.instant();
  }

  /**
   * What an operator asks for can't be made readable by it where it was not: the operator did not
   * see the policy, nor was the human asked about it. Without a policy, the one before holds.
   */
  private static UsePolicy sealedUse(Deposit.Pending deposit, Optional<UsePolicy> previous) {
    UsePolicy asked = deposit.terms().use();
    if (previous.isEmpty() || deposit.maker() instanceof Deposit.Maker.OfAgent) {
      return asked;
    }
    return asked.reveal() && asked.allow().isEmpty()
        ? previous.get()
        : new UsePolicy(asked.reveal() && previous.get().reveal(), asked.allow(), asked.as());
  }

  private Optional<UsePolicy> replacedUse(Opened opened, Deadline deadline) {
    return useOf(replaced(opened, deadline), opened, deadline);
  }

  private Optional<UsePolicy> useOf(
      Optional<StoredCredential> credential, Opened opened, Deadline deadline) {
    return credential.flatMap(
        stored -> keyring.with(opened.agent(), deadline, unlocked -> unlocked.open(stored)).use());
  }

  /**
   * Stores what a human hands in, in one write with the end of the deposit.
   *
   * @param code as it was typed
   * @throws BadRequest when the code is wrong, or the data are not what the type needs
   * @throws Forbidden when the human has to sign in, or is none of the identity's depositors
   */
  public void redeem(
      Visit visit, String code, Data data, Optional<Data> metadata, Deadline deadline) {
    DepositToken token = visit.token();
    Instant begun = clock.instant();
    access.untilDecided(
        deadline,
        failures -> {
          Opened opened = open(token, deadline);
          Entered entered = entered(opened, begun, deadline);
          return entered.noting(
              () -> {
                checkDepositor(visit, opened, deadline);
                check(token, code, opened, deadline);
                if (failures > 1 && opened.deposit().terms().replaces().isEmpty()) {
                  requireFree(opened, deadline);
                }
                return store(
                    entered.with(replaced(opened, deadline)), opened, data, metadata, deadline);
              });
        });
  }

  private Entered entered(Opened opened, Instant begun, Deadline deadline) {
    return access.entered(
        opened.agent(),
        new CredentialStore.Loaded(Optional.empty(), Optional.empty(), Optional.empty(), Map.of()),
        Operation.change("deposit.redeem", opened.deposit().terms().label()),
        begun,
        deadline);
  }

  private Optional<Credential> store(
      Entered entered, Opened opened, Data data, Optional<Data> metadata, Deadline deadline) {
    DepositTerms terms = opened.deposit().terms();
    Content content =
        Content.checked(terms.type(), data, metadata, Optional.empty())
            .with(sealedUse(opened.deposit(), useOf(entered.credential(), opened, deadline)));
    return vault.storeAlong(
        entered,
        terms.label(),
        content,
        List.of(store.redemption(opened.agent().identity().id(), opened.deposit())),
        deadline);
  }

  private void requireFree(Opened opened, Deadline deadline) {
    Label label = opened.deposit().terms().label();
    if (store.credential(opened.agent().identity().id(), label, deadline).isPresent()) {
      throw new Conflict("the label was taken since this was asked for");
    }
  }

  private void check(DepositToken token, String code, Opened opened, Deadline deadline) {
    Deposit.Pending deposit = opened.deposit();
    if (MessageDigest.isEqual(deposit.codeProof(), token.proofOf(typed(code)))) {
      return;
    }
    store.countWrongCode(opened.agent().identity().id(), deposit, deadline);
    int left = MOST_WRONG_CODES - deposit.wrongCodes() - 1;
    if (left == 0) {
      throw new Unauthorized();
    }
    throw new BadRequest(
        "code",
        "is not the one that came beside the link; "
            + (left == 1 ? "1 try is left" : left + " tries are left"));
  }

  /** As Crockford's base32 is read by people: o is 0, i and l are 1, and dashes are nothing. */
  private static String typed(String code) {
    return code.toUpperCase(Locale.ROOT)
        .replaceAll("[^0-9A-Z]", "")
        .replace('O', '0')
        .replaceAll("[IL]", "1");
  }

  private Opened open(DepositToken token, Deadline deadline) {
    DepositStore.Loaded loaded = store.load(token.claimedId(), token.depositId(), deadline);
    Deposit deposit =
        loaded
            .deposit()
            .filter(each -> MessageDigest.isEqual(each.tokenHash(), token.hash()))
            .filter(each -> each.expiresAt().isAfter(clock.instant()))
            .orElseThrow(Unauthorized::new);
    Agent agent = authentication.admit(token, loaded.identity());
    return switch (deposit) {
      case Deposit.Redeemed redeemed -> throw new Conflict("the secret was already handed in");
      case Deposit.Pending pending ->
          new Opened(
              agent,
              Optional.of(pending).filter(alive(agent, deadline)).orElseThrow(Unauthorized::new));
    };
  }

  private Predicate<Deposit.Pending> alive(Agent agent, Deadline deadline) {
    return pending ->
        pending.wrongCodes() < MOST_WRONG_CODES
            && askerLives(pending, agent)
            && keyring.with(agent, deadline, unlocked -> unlocked.deposits().vouchFor(pending));
  }

  /** What a token asked for ends with the key that the token came from. */
  private boolean askerLives(Deposit.Pending pending, Agent agent) {
    return switch (pending.maker()) {
      case Maker.OfOperator operator -> true;
      case Maker.OfAgent agents ->
          agents
              .asker()
              .filter(each -> !authentication.isAlive(agent.identity(), each.generation()))
              .isEmpty();
    };
  }

  /**
   * What it goes over, if it is still what it was when the human was asked.
   *
   * @throws Conflict when it is not
   */
  private Optional<StoredCredential> replaced(Opened opened, Deadline deadline) {
    DepositTerms terms = opened.deposit().terms();
    if (terms.replaces().isEmpty()) {
      return Optional.empty();
    }
    Optional<StoredCredential> stored =
        store.credential(opened.agent().identity().id(), terms.label(), deadline);
    if (!stored.map(DepositTerms.Replaced::of).equals(terms.replaces())) {
      throw new Conflict("the credential was changed since this was asked for");
    }
    return stored;
  }

  private record Opened(Agent agent, Deposit.Pending deposit) {}
}
