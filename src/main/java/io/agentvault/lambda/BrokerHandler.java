package io.agentvault.lambda;

import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** What waits for others, and what has no route of its own. */
@Named("broker")
@Singleton
public final class BrokerHandler extends EndpointHandler {
  BrokerHandler(Wiring wiring) {
    super(wiring, wiring::broker);
  }
}
