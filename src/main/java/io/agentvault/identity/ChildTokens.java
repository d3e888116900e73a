package io.agentvault.identity;

import io.agentvault.crypto.DataKeys;
import io.agentvault.crypto.Randomness;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Forbidden;
import io.agentvault.remote.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes child tokens. No list of them is kept anywhere. */
public final class ChildTokens {
  /** How long one lives that nobody said a time for. */
  public static final Duration USUAL_LIFETIME = Duration.ofMinutes(15);

  /** The longest that one may live, in seconds: one day. */
  public static final int LONGEST_SECONDS = 86_400;

  private final DataKeys dataKeys;
  private final Randomness randomness;
  private final Clock clock;

  public ChildTokens(DataKeys dataKeys, Randomness randomness, Clock clock) {
    this.dataKeys = dataKeys;
    this.randomness = randomness;
    this.clock = clock;
  }

  /**
   * What is asked of a token; what is left out is as its maker's.
   *
   * @param labels on which credentials
   * @param scopes which operations
   * @param lifetime up to {@link #LONGEST_SECONDS}; else the usual one, if its maker lives so long
   */
  public record Wish(
      Optional<List<LabelPattern>> labels,
      Optional<Set<Scope>> scopes,
      Optional<Duration> lifetime) {
    public Wish {
      labels = labels.map(List::copyOf);
      scopes = scopes.map(Set::copyOf);
      if (labels.filter(List::isEmpty).isPresent()) {
        throw new BadRequest("labels", "must name one at least, if any");
      }
    }
  }

  /**
   * What was made.
   *
   * @param token to be shown once
   * @param limits what it may do until when
   */
  public record Made(ChildToken token, Limits limits) {}

  /**
   * A token that may do what {@code maker} may, or less.
   *
   * @throws Forbidden when it wishes for more
   */
  public Made make(Caller.Agent maker, Wish wish, Deadline deadline) {
    Limits limits = maker.limits().narrowedTo(wish, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    Instant end = limits.until().orElseThrow();
    Identity identity = maker.identity();
    TokenBody body =
        new TokenBody(
            maker.keyGeneration(),
            TokenId.random(randomness),
            maker.tokenId(),
            end,
            limits.scopes(),
            limits.labels());
    ChildToken token =
        dataKeys.with(
            identity.keyContext(),
            identity.wrappedDataKey().bytes(),
            deadline,
            dataKey -> ChildToken.make(identity.id(), body, maker.key(), dataKey));
    return new Made(token, limits);
  }
}
