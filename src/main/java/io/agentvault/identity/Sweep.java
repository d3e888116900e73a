package io.agentvault.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far the emptying of a vault has come. The receipt takes a page before the page is deleted, so
 * what stands at or below the cursor is counted already, whoever finds it.
 *
 * @param credentials how many credentials were counted so far; all of them once complete
 * @param cursor the last sort key that was taken
 * @param accessTokensValidUntil the last moment at which an access token that was handed out may
 *     still work at its upstream, of those taken so far
 * @param complete whether nothing is left
 */
public record Sweep(
    OptionalLong credentials,
    Optional<String> cursor,
    Optional<Instant> accessTokensValidUntil,
    boolean complete) {
  static final Sweep NOT_BEGUN =
      new Sweep(OptionalLong.empty(), Optional.empty(), Optional.empty(), false);

  private static final String CREDENTIAL = "CREDENTIAL#";

  /**
   * Whether an item is in the count. A count without a cursor is of a release that counted all
   * before it deleted any.
   */
  boolean covers(Remains.Item item) {
    return complete
        || cursor.map(last -> item.sortKey().compareTo(last) <= 0).orElse(credentials.isPresent());
  }

  /** This, and the items of a page that it did not cover; empty when it covers all of them. */
  Optional<Sweep> plus(Remains.Page page) {
    List<Remains.Item> taken = page.items().stream().filter(item -> !covers(item)).toList();
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    long more = taken.stream().filter(item -> item.sortKey().startsWith(CREDENTIAL)).count();
    Optional<Instant> latest = accessTokensValidUntil;
    for (Remains.Item item : taken) {
      latest = later(latest, item.handedOutUntil());
    }
    return Optional.of(
        new Sweep(
            OptionalLong.of(credentials.orElse(0) + more),
            Optional.of(taken.getLast().sortKey()),
            latest,
            false));
  }

  private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
    return one.isPresent() && (other.isEmpty() || one.get().isAfter(other.get())) ? one : other;
  }
}
