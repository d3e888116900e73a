package io.agentvault.vault;

import io.agentvault.crypto.Randomness;
import io.agentvault.identity.Bearer;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.Identity;
import io.agentvault.identity.Scope;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Expired;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Tampered;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.Access.Entered;
import io.agentvault.vault.CredentialStore.Outcome;
import io.agentvault.vault.StoredCredential.Times;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What an agent does with its vault, one-time codes apart. */
public final class Vault {
  /** The most credentials in one page of a listing. */
  public static final int MAXIMUM_PAGE = 1_000;

  /** A page ends early here: escaped into an event it at most doubles, and Lambda takes 6 MB. */
  private static final int LISTED_BYTES = 2 * 1024 * 1024;

  /** What each listed credential takes besides its metadata. */
  private static final int LISTED_BYTES_EACH = 512;

  private final CredentialStore store;
  private final Access access;
  private final Keyring keyring;
  private final Randomness randomness;
  private final Clock clock;

  Vault(CredentialStore store, Access access, Keyring keyring, Randomness randomness, Clock clock) {
    this.store = store;
    this.access = access;
    this.keyring = keyring;
    this.randomness = randomness;
    this.clock = clock;
  }

  /** The identity of the key. */
  public Identity whoami(Bearer bearer, Deadline deadline) {
    return access.enter(bearer, deadline).identity();
  }

  /** Stores content under a label, over what was there. */
  public Credential store(
      Bearer bearer, Label label, Content content, Precondition precondition, Deadline deadline) {
    if (content.isExpired(now())) {
      throw new BadRequest("expiresAt", "must be in the future");
    }
    keyring.checkSize(content);
    return access.untilDecided(
        deadline,
        failures -> {
          Entered entered = access.enter(bearer, label, deadline, Scope.VAULT_WRITE);
          precondition.check(entered.credential().map(StoredCredential::revision));
          Replacement next = replace(entered, label, content, deadline);
          Outcome outcome =
              store.put(
                  entered.agent(),
                  next.credential(),
                  entered
                      .credential()
                      .map(old -> OptionalLong.of(old.revision()))
                      .orElse(OptionalLong.empty()),
                  next.sameSeed(),
                  deadline);
          return outcome == Outcome.DONE
              ? Optional.of(Credential.of(next.credential(), content))
              : Optional.empty();
        });
  }

  private Replacement replace(Entered entered, Label label, Content content, Deadline deadline) {
    Instant now = now();
    Optional<StoredCredential> old = entered.credential();
    return keyring.with(
        entered.agent(),
        deadline,
        unlocked -> {
          Optional<Content> before = old.flatMap(each -> openable(unlocked, each));
          boolean sameData = before.map(Content::data).filter(content.data()::equals).isPresent();
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
              before.map(Content::otp).filter(content.otp()::equals).isPresent());
        });
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
    Entered entered = access.enter(bearer, label, deadline, Scope.VAULT_READ);
    StoredCredential stored = entered.credential().orElseThrow(() -> new NotFound("credential"));
    Content content = keyring.with(entered.agent(), deadline, unlocked -> unlocked.open(stored));
    if (content.isExpired(now())) {
      throw new Expired();
    }
    return Credential.of(stored, content);
  }

  /** Deletes the credential of a label. */
  public void delete(Bearer bearer, Label label, Precondition precondition, Deadline deadline) {
    access.untilDecided(
        deadline,
        failures -> {
          Entered entered = access.enter(bearer, label, deadline, Scope.VAULT_WRITE);
          StoredCredential stored =
              entered.credential().orElseThrow(() -> new NotFound("credential"));
          precondition.check(Optional.of(stored.revision()));
          Outcome outcome = store.delete(entered.agent(), stored, deadline);
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
    Agent agent = access.enter(bearer, deadline, Scope.VAULT_READ);
    CredentialStore.Page first = store.page(agent, after, limit + 1, deadline);
    return first.credentials().isEmpty()
        ? new Listing(List.of(), Optional.empty())
        : keyring.with(
            agent, deadline, unlocked -> listing(agent, unlocked, first, limit, deadline));
  }

  private Listing listing(
      Agent agent,
      Keyring.Unlocked unlocked,
      CredentialStore.Page first,
      int limit,
      Deadline deadline) {
    List<Credential> listed = new ArrayList<>();
    long bytes = 0;
    CredentialStore.Page page = first;
    while (true) {
      for (StoredCredential each : page.credentials()) {
        if (listed.size() == limit || bytes > LISTED_BYTES) {
          return new Listing(listed, Optional.of(listed.getLast().label()));
        }
        Content content = unlocked.open(each);
        bytes += LISTED_BYTES_EACH + keyring.metadataBytes(content);
        listed.add(Credential.listed(each, content));
      }
      if (!page.more()) {
        return new Listing(listed, Optional.empty());
      }
      Label last = listed.getLast().label();
      page = store.page(agent, Optional.of(last), limit + 1 - listed.size(), deadline);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private String newId() {
    ByteBuffer bytes = ByteBuffer.wrap(randomness.bytes(2 * Long.BYTES));
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  private record Replacement(StoredCredential credential, boolean sameSeed) {}

  /**
   * Part of a vault.
   *
   * @param credentials sorted by label
   * @param next the last label shown, when there are more behind it
   */
  public record Listing(List<Credential> credentials, Optional<Label> next) {
    public Listing {
      credentials = List.copyOf(credentials);
    }
  }
}
