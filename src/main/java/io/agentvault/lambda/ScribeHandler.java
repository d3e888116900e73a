package io.agentvault.lambda;

import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** Makes checkpoints: fed by the stream of the records' table, it carries on each agent's chain. */
@Named("scribe")
@Singleton
public final class ScribeHandler extends StreamHandler {
  ScribeHandler(Wiring wiring) {
    super(wiring, () -> wiring.scribe()::take);
  }
}
