package io.agentvault.standins;

import org.junit.jupiter.api.Assumptions;

/** Skipping that can be heard. */
final class Skips {
  private Skips() {}

  /** Goes on only with a server; otherwise says in one line why not. */
  static void unless(Servers.Found found) {
    if (found.clients().isEmpty()) {
      System.out.println("SKIPPED contract suite: " + found.reason());
      Assumptions.abort(found.reason());
    }
  }
}
