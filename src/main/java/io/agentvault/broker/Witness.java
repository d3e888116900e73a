package io.agentvault.broker;

import java.util.OptionalInt;

/** Puts uses on record. */
public interface Witness {
  /** Before the call: what it throws keeps the call from being made. */
  void before(Attempt attempt);

  /**
   * After the call.
   *
   * @param outcome {@code ok}, or a problem's code
   * @param status the upstream's, if it answered
   * @return whether it is on record; if not, the answer says so
   */
  boolean after(Attempt attempt, String outcome, OptionalInt status);
}
