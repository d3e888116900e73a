package io.agentvault.lambda;

import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** Finishes every revocation: fed by the table's stream, it empties what is left of a vault. */
@Named("reaper")
@Singleton
public final class ReaperHandler extends StreamHandler {
  ReaperHandler(Wiring wiring) {
    super(wiring, () -> wiring.reaper()::finishAll);
  }

  @Override
  public boolean callsKms() {
    return false;
  }
}
