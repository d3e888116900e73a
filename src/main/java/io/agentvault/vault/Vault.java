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
import io.agentvault.problem.Tampered;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.CredentialStore.Outcome;
import io.agentvault.vault.StoredCredential.Times;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** What an agent does with its vault, one-time codes apart. */
public final class Vault {
  /** The most credentials in one page of a listing. */
  public static final int MAXIMUM_PAGE = 1_000;

  /** A page ends early here: escaped into an event it at most doubles, and Lambda takes 6 MB. */
  private static final int LISTED_BYTES = 2 * 1024 * 1024;

  /** What each listed credential takes besides its metadata. */
  private static final int LISTED_BYTES_EACH = 512;

  /** What its metadata take at most where their size is not to be seen. */
  private static final int METADATA_BYTES = 4 * 1024;

  private final CredentialStore store;
  private final Access access;
  private final Keyring keyring;
  private final ChildTokens tokens;
  private final Randomness randomness;
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
    this.randomness = randomness;
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
                replace(entered, label, content, precondition, true, deadline),
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
    Replacement next = replace(entered, label, content, new Precondition.None(), false, deadline);
    return put(entered, next, along, deadline);
  }

  private Optional<Credential> put(
      Entered entered, Replacement next, List<TransactWriteItem> along, Deadline deadline) {
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

  private Replacement replace(
      Entered entered,
      Label label,
      Content content,
      Precondition precondition,
      boolean mayKeep,
      Deadline deadline) {
    return keyring.with(
        entered.agent(),
        deadline,
        unlocked -> {
          Optional<Before> before =
              entered
                  .credential()
                  .map(old -> new Before(old, openable(unlocked, old)))
                  .filter(old -> !countsAsAbsent(old, precondition));
          precondition.check(before.map(old -> old.stored().etag()));
          Content completed =
              Kept.completed(content, before.filter(old -> mayKeep).flatMap(Before::content));
          keyring.checkSize(completed);
          return replacement(unlocked, label, completed, before);
        });
  }

  /** An expired credential keeps nobody from creating one anew. */
  private boolean countsAsAbsent(Before before, Precondition precondition) {
    return precondition instanceof Precondition.Absent
        && before.content().filter(content -> content.isExpired(now())).isPresent();
  }

  private Replacement replacement(
      Keyring.Unlocked unlocked, Label label, Content content, Optional<Before> before) {
    Instant now = now();
    Optional<StoredCredential> old = before.map(Before::stored);
    Optional<Content> oldContent = before.flatMap(Before::content);
    boolean sameData = oldContent.map(Content::data).filter(content.data()::equals).isPresent();
    String id = old.map(StoredCredential::credentialId).orElseGet(this::newId);
    long revision = old.map(StoredCredential::revision).orElse(0L) + 1;
    Times times =
        new Times(
            old.map(each -> each.times().createdAt()).orElse(now),
            now,
            old.isEmpty() || sameData
                ? old.flatMap(each -> each.times().rotatedAt())
                : Optional.of(now),
            content.expiresAt());
    return new Replacement(
        new StoredCredential(
            label,
            id,
            unlocked.seal(label, id, content, revision),
            revision,
            times,
            OptionalLong.empty(),
            OptionalLong.empty()),
        content,
        oldContent.map(Content::otp).filter(content.otp()::equals).isPresent());
  }

  /** What a damaged credential held is lost; storing over it is how its owner mends it. */
  private static Optional<Content> openable(Keyring.Unlocked unlocked, StoredCredential old) {
    try {
      return Optional.of(unlocked.open(old));
    } catch (Tampered e) {
      return Optional.empty();
    }
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
                  agent, deadline, unlocked -> listing(agent, unlocked, first, limit, deadline));
        });
  }

  private Listing listing(
      Agent agent,
      Keyring.Unlocked unlocked,
      CredentialStore.Page first,
      int limit,
      Deadline deadline) {
    List<CredentialStore.Row> rows = new ArrayList<>();
    boolean more = more(agent, first, limit, rows, deadline);
    Label last = rows.getLast().label();
    Map<String, Uses> uses = store.uses(agent, rows.getFirst().label(), last, deadline);
    return new Listing(
        rows.stream().map(row -> listed(unlocked, row, uses)).toList(),
        more ? Optional.of(last) : Optional.empty());
  }

  /** Takes rows until a page of ours is full; answers whether there are more behind them. */
  private boolean more(
      Agent agent,
      CredentialStore.Page first,
      int limit,
      List<CredentialStore.Row> rows,
      Deadline deadline) {
    long bytes = 0;
    CredentialStore.Page page = first;
    while (true) {
      for (CredentialStore.Row each : page.rows()) {
        if (rows.size() == limit || bytes > LISTED_BYTES) {
          return true;
        }
        bytes += LISTED_BYTES_EACH + each.credential().map(Vault::metadataBytes).orElse(0);
        rows.add(each);
      }
      if (page.next().isEmpty()) {
        return false;
      }
      page = store.page(agent, page.next(), limit + 1 - rows.size(), deadline);
    }
  }

  private static int metadataBytes(StoredCredential stored) {
    return stored
        .seals()
        .metadata()
        .map(seal -> seal.length)
        .orElseGet(() -> Math.min(stored.seals().data().length, METADATA_BYTES));
  }

  /** Opens the metadata alone; what does not open keeps nobody from the others. */
  private static Listed listed(
      Keyring.Unlocked unlocked, CredentialStore.Row row, Map<String, Uses> uses) {
    if (row.credential().isPresent()) {
      try {
        StoredCredential stored = row.credential().get();
        return Credential.listed(stored, unlocked.overview(stored), uses);
      } catch (Tampered e) {
        return new Listed.Damaged(row.label());
      }
    }
    return new Listed.Damaged(row.label());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private String newId() {
    ByteBuffer bytes = ByteBuffer.wrap(randomness.bytes(2 * Long.BYTES));
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  /**
   * Who a bearer is, and what it may do.
   *
   * @param lastUsedAt when one of its credentials was last used, as far as that has been counted
   */
  public record Self(Agent agent, Optional<Instant> lastUsedAt) {}

  /** What a store replaces; without content where it was damaged. */
  private record Before(StoredCredential stored, Optional<Content> content) {}

  private record Replacement(StoredCredential credential, Content content, boolean sameSeed) {}

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
