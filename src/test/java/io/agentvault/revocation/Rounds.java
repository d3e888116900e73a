package io.agentvault.revocation;

/**
 * How much the tests of this package repeat: {@code -Dvault.rounds=<n>}, by default {@value #USUAL}
 * rounds of the race; the other tests keep their proportion to it.
 */
final class Rounds {
  static final int USUAL = 200;

  private Rounds() {}

  static int count() {
    return Integer.getInteger("vault.rounds", USUAL);
  }

  /** What is {@code usual} by default, at least 1. */
  static int inProportion(int usual) {
    return Math.max(1, Math.toIntExact((long) usual * count() / USUAL));
  }
}
