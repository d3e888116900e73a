package io.agentvault.api;

import io.agentvault.remote.Deadline;

/** What waits for others, and what has no route: the calls of the broker function. */
public final class BrokerApi implements Calls {
  @Override
  public Route.Plane plane() {
    return Route.Plane.BROKER;
  }

  @Override
  public Answer answer(Request request, Deadline deadline) {
    throw Calls.ofAnotherFunction();
  }
}
