package io.agentvault.broker;

import io.agentvault.evidence.Recorder;
import io.agentvault.problem.Internal;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unavailable;
import java.util.Optional;

/** A record before the call, durable or there is no call; another after it. */
final class RecordedUses implements Witness {
  private final Recorder recorder;

  RecordedUses(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public void before(Attempt attempt) {
    recorder.attempt(attempt.act(), attempt.credentialId(), attempt.upstream(Optional.empty()));
  }

  @Override
  public void refused(Attempt attempt, Problem problem) {
    recorder.failed(
        attempt.act(), attempt.credentialId(), attempt.upstream(Optional.empty()), problem);
  }

  @Override
  public boolean answered(Attempt attempt, int status) {
    try {
      recorder.answered(
          attempt.act(), attempt.credentialId(), attempt.upstream(Optional.of(status)));
      return true;
    } catch (Unavailable | Internal e) {
      return false; // the call was made, and its answer is the caller's
    }
  }

  @Override
  public void failed(Attempt attempt, Problem problem) {
    try {
      refused(attempt, problem);
    } catch (Unavailable | Internal e) {
      // the attempt stands
    }
  }
}
