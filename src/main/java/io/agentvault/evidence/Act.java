package io.agentvault.evidence;

import io.agentvault.evidence.Entry.Status;
import io.agentvault.evidence.Entry.Upstream;
import io.agentvault.problem.Problem;
import io.agentvault.remote.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What a proven caller does, before it is known how it ends.
 *
 * @param agent whose log it stands in
 * @param actor the id of the key or token that proved who calls, or an operator's subject
 * @param action in the words of direct invocation
 * @param label the credential's, where it is about one
 * @param begun when
 * @param deadline of the invocation, which also knows where it came from
 */
public record Act(
    String agent,
    String actor,
    String action,
    Optional<String> label,
    Instant begun,
    Deadline deadline) {

  /** The same, about a credential. */
  public Act on(String credentialLabel) {
    return new Act(agent, actor, action, Optional.of(credentialLabel), begun, deadline);
  }

  /** That it ended as asked. */
  Entry done(Optional<String> credentialId) {
    return entry(Status.SUCCESS, Optional.empty(), credentialId, Optional.empty());
  }

  /** That it did not. */
  Entry failed(Problem problem, Optional<String> credentialId, Optional<Upstream> upstream) {
    Status status = problem.status() == FORBIDDEN ? Status.DENIED : Status.ERROR;
    return entry(status, Optional.of(problem.code()), credentialId, upstream);
  }

  Entry entry(
      Status status,
      Optional<String> problem,
      Optional<String> credentialId,
      Optional<Upstream> upstream) {
    Instant now = deadline.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    return new Entry(
        agent,
        RecordKey.of(now, deadline),
        now,
        action,
        label,
        actor,
        deadline.origin().way().text(),
        status,
        problem,
        credentialId,
        upstream,
        Math.max(0, Duration.between(begun, now).toMillis()),
        RecordKey.requestId(deadline));
  }

  private static final int FORBIDDEN = 403;
}
