package io.agentvault.broker;

import io.agentvault.problem.UpstreamTimeout;
import io.agentvault.problem.UpstreamTooLarge;
import io.agentvault.problem.UpstreamUnreachable;
import io.agentvault.remote.Deadline;

/** The one way out: a call to an address that was checked, never followed, never repeated. */
interface Upstream {
  /** The most that a body may have, each way, in bytes. */
  int MOST_BODY_BYTES = 4 * 1024 * 1024;

  /**
   * Makes one call.
   *
   * @throws UpstreamUnreachable when name, address, connection or TLS failed, or the answer could
   *     not be read
   * @throws UpstreamTooLarge when the answer is over a limit
   * @throws UpstreamTimeout when the deadline came first
   */
  Reply call(Outgoing outgoing, Deadline deadline);
}
