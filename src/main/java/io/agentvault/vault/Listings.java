package io.agentvault.vault;

import io.agentvault.evidence.Uses;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.problem.Tampered;
import io.agentvault.remote.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pages of a vault, with the metadata opened and nothing else. */
final class Listings {
  /** A page ends early here: escaped into an event it at most doubles, and Lambda takes 6 MB. */
  private static final int LISTED_BYTES = 2 * 1024 * 1024;

  /** What each listed credential takes besides its metadata. */
  private static final int LISTED_BYTES_EACH = 512;

  /** What its metadata take at most where their size is not to be seen. */
  private static final int METADATA_BYTES = 4 * 1024;

  private final CredentialStore store;

  Listings(CredentialStore store) {
    this.store = store;
  }

  /** A page of ours, of at most {@code limit} credentials, from a page of the store on. */
  Vault.Listing from(
      CredentialStore.Page first,
      Agent agent,
      Keyring.Unlocked unlocked,
      int limit,
      Deadline deadline) {
    List<CredentialStore.Row> rows = new ArrayList<>();
    boolean more = more(agent, first, limit, rows, deadline);
    if (rows.isEmpty()) { // none of a vault of several pages is within the agent's limits
      return new Vault.Listing(List.of(), Optional.empty());
    }
    Label last = rows.getLast().label();
    Map<String, Uses> uses = store.uses(agent, rows.getFirst().label(), last, deadline);
    return new Vault.Listing(
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
        bytes += LISTED_BYTES_EACH + each.credential().map(Listings::metadataBytes).orElse(0);
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
}
