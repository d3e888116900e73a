package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.Problem;
import io.agentvault.remote.Deadline;
import java.util.Map;
import java.util.Optional;

/** Another protocol on a path of this API, which has the same actions done in its own words. */
public interface Protocol {
  /** Answers one request, its own errors included. */
  Reply answer(Exchange exchange, Deadline deadline);

  /** A request, and what may be done in its name. */
  interface Exchange {
    /** The HTTP method. */
    String method();

    /** A header by its lower-case name. */
    Optional<String> header(String name);

    /** The host name that the gateway answers under. */
    Optional<String> domain();

    /** What was sent. */
    byte[] body();

    /**
     * Does a direct action as whoever sent the request.
     *
     * @param fields what stands beside action and key
     * @throws Problem as a direct invocation would
     */
    ObjectNode perform(String action, ObjectNode fields, Deadline deadline);

    /** What vouches for {@code text} in the name of the sender's identity. */
    String vouch(String text, Deadline deadline);
  }

  /**
   * What is answered.
   *
   * @param headers by lower-case name
   */
  record Reply(int status, Map<String, String> headers, Optional<ObjectNode> body) {
    public Reply {
      headers = Map.copyOf(headers);
    }
  }
}
