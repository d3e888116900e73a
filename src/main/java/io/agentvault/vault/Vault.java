package io.agentvault.vault;

import io.agentvault.crypto.Randomness;
import io.agentvault.evidence.Uses;
import io.agentvault.identity.Bearer;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.ChildTokens;
import io.agentvault.identity.Scope;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Expired;
import io.agentvault.problem.Forbidden;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.CredentialStore.Outcome;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** What an agent does with its vault, one-time codes apart. */
public final class Vault {
  /** The most credentials in one page of a listing. */
  public static final int MAXIMUM_PAGE = 1_000;

  private final CredentialStore store;
  private final Access access;
  private final Keyring keyring;
  private final ChildTokens tokens;
  private final Replacements replacements;
  private final Listings listings;
  private final Clock clock;

  Vault(
      CredentialStore store,
      Access access,
      Keyring keyring,
      ChildTokens tokens,
      Randomness randomness,
      Clock clock) {
    this.tokens = tokens;
    this.store = store;
    this.access = access;
    this.keyring = keyring;
    this.replacements = new Replacements(keyring, randomness, clock);
    this.listings = new Listings(store);
    this.clock = clock;
  }

  /** Who the bearer is; touches no credential, so it is not recorded. */
  public Self whoami(Bearer bearer, Deadline deadline) {
    Access.Counted counted = access.enterWithUses(bearer, Set.of(Uses.TOTAL), deadline);
    return new Self(
        counted.agent(),
        Optional.ofNullable(counted.uses().get(Uses.TOTAL)).flatMap(Uses::lastUsedAt));
  }

  /**
   * A token that may do what the bearer may, or less; nothing is stored of it but that it was made.
   *
   * @throws Forbidden when it is to be more
   */
  public ChildTokens.Made createToken(Bearer bearer, ChildTokens.Wish wish, Deadline deadline) {
    return access.use(
        bearer,
        Operation.change("vault.createToken"),
        deadline,
        entered -> {
          ChildTokens.Made made = tokens.make(entered.agent(), wish, deadline);
          entered.recordDone();
          return made;
        });
  }

  /** Stores content under a label, over what was there. */
  public Credential store(
      Bearer bearer, Label label, Content content, Precondition precondition, Deadline deadline) {
    if (content.isExpired(now())) {
      throw new BadRequest("expiresAt", "must be in the future");
    }
    keyring.checkSize(content);
    return access.change(
        bearer,
        Operation.change("vault.store", label, Scope.VAULT_WRITE),
        deadline,
        (entered, tries) ->
            put(
                entered,
                replacements.of(entered, label, content, precondition, true, deadline),
                List.of(),
                deadline));
  }

  /**
   * Tries once to store content over what was read, in one write with what goes along. Nothing of
   * what was read is kept.
   *
   * @return empty when what was read is no longer so
   */
  Optional<Credential> storeAlong(
      Entered entered,
      Label label,
      Content content,
      List<TransactWriteItem> along,
      Deadline deadline) {
    keyring.checkSize(content);
    Replacements.Replacement next =
        replacements.of(entered, label, content, new Precondition.None(), false, deadline);
    return put(entered, next, along, deadline);
  }

  private Optional<Credential> put(
      Entered entered,
      Replacements.Replacement next,
      List<TransactWriteItem> along,
      Deadline deadline) {
    List<TransactWriteItem> all = new ArrayList<>(along);
    all.add(entered.change(next.credential()));
    Outcome outcome =
        store.put(
            entered.agent(),
            next.credential(),
            entered.credential(),
            next.sameSeed(),
            all,
            deadline);
    return outcome == Outcome.DONE
        ? Optional.of(Credential.of(next.credential(), next.content(), entered.uses()))
        : Optional.empty();
  }

  /** The credential of a label, without its seed and unused backup codes. */
  public Credential get(Bearer bearer, Label label, Deadline deadline) {
    return access.read(
        bearer,
        Operation.read("vault.get", label, Scope.VAULT_READ),
        deadline,
        entered -> {
          Content content = opened(entered, deadline);
          if (!content.isReadable()) {
            throw Forbidden.because("the credential can be used, not read");
          }
          return Credential.of(entered.found(), content, entered.uses());
        });
  }

  private Content opened(Entered entered, Deadline deadline) {
    StoredCredential stored = entered.found();
    return keyring.with(entered.agent(), deadline, unlocked -> unexpired(unlocked.open(stored)));
  }

  private Content unexpired(Content content) {
    if (content.isExpired(now())) {
      throw new Expired();
    }
    return content;
  }

  /**
   * The credential of a label, to make a call with that its caller does not see. That it is about
   * to be used is for whoever uses it to put on record. An access token that lasts is opened with
   * it.
   *
   * @throws Forbidden when its use policy allows no call
   */
  public Usable usable(Bearer bearer, Label label, Deadline deadline) {
    return access.use(
        bearer,
        Operation.change("vault.use", label, Scope.VAULT_USE, Scope.VAULT_READ),
        deadline,
        entered -> {
          StoredCredential stored = entered.found();
          return keyring.with(
              entered.agent(),
              deadline,
              unlocked -> {
                Usable usable = usable(entered, unexpired(unlocked.open(stored)));
                return usable
                    .grant()
                    .flatMap(grant -> unlocked.open(entered.access(), grant).fresh(now()))
                    .map(usable::with)
                    .orElse(usable);
              });
        });
  }

  private static Usable usable(Entered entered, Content content) {
    UsePolicy policy = content.policy();
    if (policy.allow().isEmpty() || policy.as().isEmpty()) {
      throw Forbidden.because("the credential has no use policy that allows a call");
    }
    return new Usable(entered, policy, content);
  }

  /** Deletes the credential of a label. */
  public void delete(Bearer bearer, Label label, Precondition precondition, Deadline deadline) {
    access.change(
        bearer,
        Operation.change("vault.delete", label, Scope.VAULT_WRITE),
        deadline,
        (entered, tries) -> {
          StoredCredential stored = entered.found();
          precondition.check(Optional.of(stored.etag()));
          List<TransactWriteItem> along = new ArrayList<>(List.of(entered.change()));
          entered
              .storedAccess()
              .ifPresent(old -> along.add(store.removal(entered.agent(), old, now())));
          Outcome outcome = store.delete(entered.agent(), stored, along, deadline);
          return outcome == Outcome.DONE ? Optional.of(stored) : Optional.empty();
        });
  }

  /**
   * The agent's credentials, sorted by label.
   *
   * @param limit 1 to {@link #MAXIMUM_PAGE}
   * @param after only those behind this label
   */
  public Listing list(Bearer bearer, int limit, Optional<Label> after, Deadline deadline) {
    return access.read(
        bearer,
        Operation.read("vault.list", Scope.VAULT_READ, Scope.VAULT_USE),
        deadline,
        entered -> {
          Agent agent = entered.agent();
          CredentialStore.Page first = store.page(agent, after, limit + 1, deadline);
          return first.rows().isEmpty() && first.next().isEmpty()
              ? new Listing(List.of(), Optional.empty())
              : keyring.with(
                  agent,
                  deadline,
                  unlocked -> listings.from(first, agent, unlocked, limit, deadline));
        });
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Who a bearer is, and what it may do.
   *
   * @param lastUsedAt when one of its credentials was last used, as far as that has been counted
   */
  public record Self(Agent agent, Optional<Instant> lastUsedAt) {}

  /**
   * Part of a vault.
   *
   * @param credentials sorted by label
   * @param next the last label shown, when there are more behind it
   */
  public record Listing(List<Listed> credentials, Optional<Label> next) {
    public Listing {
      credentials = List.copyOf(credentials);
    }
  }
}
