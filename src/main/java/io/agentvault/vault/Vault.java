package io.agentvault.vault;

import io.agentvault.crypto.Randomness;
import io.agentvault.identity.AgentKey;
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

  /** A page ends early here, so that its answer stays below Lambda's 6 MB however it is escaped. */
  private static final int PAGE_SEALED_BYTES = 4 * 1024 * 1024;

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
  public Identity whoami(AgentKey key, Deadline deadline) {
    return access.enter(key, deadline).identity();
  }

  /** Stores content under a label, over what was there. */
  public Credential store(
      AgentKey key, Label label, Content content, Precondition precondition, Deadline deadline) {
    if (content.isExpired(now())) {
      throw new BadRequest("expiresAt", "must be in the future");
    }
    keyring.checkSize(content);
    return access.untilDecided(
        deadline,
        failures -> {
          Entered entered = access.enter(key, label, deadline, Scope.VAULT_WRITE);
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
  public Credential get(AgentKey key, Label label, Deadline deadline) {
    Entered entered = access.enter(key, label, deadline, Scope.VAULT_READ);
    StoredCredential stored = entered.credential().orElseThrow(() -> new NotFound("credential"));
    Content content = keyring.with(entered.agent(), deadline, unlocked -> unlocked.open(stored));
    if (content.isExpired(now())) {
      throw new Expired();
    }
    return Credential.of(stored, content);
  }

  /** Deletes the credential of a label. */
  public void delete(AgentKey key, Label label, Precondition precondition, Deadline deadline) {
    access.untilDecided(
        deadline,
        failures -> {
          Entered entered = access.enter(key, label, deadline, Scope.VAULT_WRITE);
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
  public Listing list(AgentKey key, int limit, Optional<Label> after, Deadline deadline) {
    Agent agent = access.enter(key, deadline, Scope.VAULT_READ);
    List<StoredCredential> found = new ArrayList<>();
    Optional<Label> position = after;
    boolean more = true;
    long bytes = 0;
    while (more && found.size() <= limit && bytes < PAGE_SEALED_BYTES) {
      CredentialStore.Page page = store.page(agent, position, limit + 1 - found.size(), deadline);
      found.addAll(page.credentials());
      more = page.more();
      bytes += page.credentials().stream().mapToLong(each -> each.sealed().length).sum();
      position = found.isEmpty() ? position : Optional.of(found.getLast().label());
    }
    List<StoredCredential> shown = found.subList(0, Math.min(limit, found.size()));
    if (shown.isEmpty()) {
      return new Listing(List.of(), Optional.empty());
    }
    List<Credential> credentials =
        keyring.with(
            agent,
            deadline,
            unlocked ->
                shown.stream().map(each -> Credential.of(each, unlocked.open(each))).toList());
    boolean rest = more || found.size() > limit;
    return new Listing(credentials, rest ? Optional.of(shown.getLast().label()) : Optional.empty());
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
