package io.agentvault.identity;

import io.agentvault.problem.Forbidden;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a proven caller may do: all limits on the way from the identity over its key to the token
 * that was presented, in one. Every check of a call is against these.
 *
 * @param scopes which operations
 * @param labels on which credentials; none of them within another
 * @param until from this instant on, nothing; empty for a key that has no end
 */
public record Limits(Set<Scope> scopes, List<LabelPattern> labels, Optional<Instant> until) {
  /** The most patterns that a token's labels may have. */
  public static final int MOST_PATTERNS = 20;

  public Limits {
    scopes = Set.copyOf(scopes);
    labels = List.copyOf(labels);
  }

  /** Those of a whole identity, until its key ends. */
  static Limits of(Identity identity, Optional<Instant> keyEnds) {
    return new Limits(identity.scopes(), List.of(LabelPattern.ALL), keyEnds);
  }

  /** Whether there is a limit on labels at all. */
  public boolean coverEverything() {
    return labels.contains(LabelPattern.ALL);
  }

  /** Whether a credential of this name is within them. */
  public boolean covers(String label) {
    return labels.stream().anyMatch(each -> each.covers(label));
  }

  /**
   * @throws Forbidden when the label is not within them, whether there is such a credential or not
   */
  public void require(String label) {
    if (!covers(label)) {
      throw Forbidden.because("the token is not for this label");
    }
  }

  /** What all labels within them begin with; often nothing. */
  public String commonBeginning() {
    String common = labels.isEmpty() ? "" : labels.getFirst().text();
    for (LabelPattern each : labels) {
      while (!each.text().startsWith(common)) {
        common = common.substring(0, common.length() - 1);
      }
    }
    return common;
  }

  /**
   * What both allow.
   *
   * @param token limits that were within these when the token was made
   */
  Limits and(Limits token) {
    Set<Scope> both = new HashSet<>(token.scopes);
    both.retainAll(scopes);
    return new Limits(
        both, token.labels.stream().filter(this::covers).toList(), earlier(until, token.until));
  }

  private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
    return one.isPresent() && other.isPresent() && other.get().isAfter(one.get())
        ? one
        : other.or(() -> one);
  }

  private boolean covers(LabelPattern pattern) {
    return labels.stream().anyMatch(each -> each.covers(pattern));
  }

  /**
   * These, or less where {@code wish} says so.
   *
   * @throws Forbidden when it wishes for more
   */
  Limits narrowedTo(ChildTokens.Wish wish, Instant now) {
    Set<Scope> wished = wish.scopes().orElse(scopes);
    wished.stream()
        .filter(scope -> !scopes.contains(scope))
        .sorted()
        .findFirst()
        .ifPresent(
            missing -> {
              throw new Forbidden(missing.text());
            });
    List<LabelPattern> patterns = withoutCovered(wish.labels().orElse(labels));
    if (!patterns.stream().allMatch(this::covers)) {
      throw Forbidden.because("labels go beyond those of the token that this is made from");
    }
    return new Limits(wished, patterns, Optional.of(end(wish, now)));
  }

  private Instant end(ChildTokens.Wish wish, Instant now) {
    if (wish.lifetime().isEmpty()) {
      Instant usual = now.plus(ChildTokens.USUAL_LIFETIME);
      return until.filter(usual::isAfter).orElse(usual);
    }
    Instant wished = now.plus(wish.lifetime().get());
    if (until.filter(wished::isAfter).isPresent()) {
      throw Forbidden.because("expiresIn goes beyond the end of what this is made from");
    }
    return wished;
  }

  /** In the order given; a token is no longer than its limits need. */
  static List<LabelPattern> withoutCovered(List<LabelPattern> patterns) {
    List<LabelPattern> kept = new ArrayList<>();
    for (LabelPattern each : patterns) {
      if (kept.stream().noneMatch(other -> other.covers(each))) {
        kept.removeIf(each::covers);
        kept.add(each);
      }
    }
    return kept;
  }
}
