package io.agentvault.broker;

import io.agentvault.evidence.Act;
import io.agentvault.evidence.Entry.Upstream;
import java.util.Optional;

/**
 * A use that is about to be made, as it is recorded: no query, no header, no body.
 *
 * @param act who uses what
 * @param credentialId which credential stands at the label
 * @param method of the call
 * @param host of the upstream, with its port if it is not 443
 * @param path without query
 */
public record Attempt(Act act, String credentialId, String method, String host, String path) {
  /**
   * What is recorded of the upstream.
   *
   * @param status its answer's, once there is one
   */
  Upstream upstream(Optional<Integer> status) {
    return new Upstream(host, method, path, status);
  }
}
