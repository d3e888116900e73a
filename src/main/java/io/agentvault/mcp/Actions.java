package io.agentvault.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.remote.Deadline;

/** What the caller of one request may have done in its name; made anew for each. */
public interface Actions {
  /**
   * Does an action of the wire contract's section 10, such as {@code vault.list}.
   *
   * @param fields as in a direct invocation, without action and key
   * @return the body that the REST call would answer
   * @throws io.agentvault.problem.Problem as the REST call would
   */
  ObjectNode perform(String action, ObjectNode fields, Deadline deadline);

  /**
   * What vouches for {@code text}: the same for the same identity, and nobody else can make it.
   *
   * @throws io.agentvault.problem.Unauthorized when the caller is nobody
   */
  String vouch(String text, Deadline deadline);
}
