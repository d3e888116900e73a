package io.agentvault.lambda;

import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** The control plane: operators and their identities. */
@Named("identity")
@Singleton
public final class IdentityHandler extends EndpointHandler {
  IdentityHandler(Wiring wiring) {
    super(wiring, wiring::identity);
  }
}
