package io.agentvault.lambda;

import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** The data plane: agents, their keys and their credentials. */
@Named("vault")
@Singleton
public final class VaultHandler extends EndpointHandler {
  VaultHandler(Wiring wiring) {
    super(wiring, wiring::vault);
  }
}
