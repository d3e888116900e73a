package io.agentvault.api;

import io.agentvault.problem.Internal;
import io.agentvault.problem.Problem;
import io.agentvault.remote.Deadline;

/** The calls that one function answers. */
public sealed interface Calls permits VaultApi, IdentityApi, BrokerApi {
  /** Which routes are its own. */
  Route.Plane plane();

  /**
   * Does what the request says.
   *
   * @throws Problem when it can't, or must not
   */
  Answer answer(Request request, Deadline deadline);

  /** A route is only found among those of {@link #plane()}, so no request comes to this. */
  static Internal ofAnotherFunction() {
    return new Internal("a call reached the wrong function");
  }
}
