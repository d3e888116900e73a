package io.agentvault.broker;

import io.agentvault.evidence.Recorder;
import io.agentvault.problem.Problem;

/** Puts uses on record. */
public interface Witness {
  /** Before the call: what it throws keeps the call from being made. */
  void before(Attempt attempt);

  /**
   * In place of the call: it is not made.
   *
   * @param problem why
   */
  void refused(Attempt attempt, Problem problem);

  /**
   * After the call.
   *
   * @param status the upstream's
   * @return whether it is on record; if not, the answer says so
   */
  boolean answered(Attempt attempt, int status);

  /**
   * After a call that was not answered; if that can't be put on record, the attempt is.
   *
   * @param problem what the caller is answered
   */
  void failed(Attempt attempt, Problem problem);

  /** On durable records, however reads are recorded. */
  static Witness of(Recorder recorder) {
    return new RecordedUses(recorder);
  }
}
