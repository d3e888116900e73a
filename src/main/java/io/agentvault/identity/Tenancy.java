package io.agentvault.identity;

import java.util.Optional;

/** Whether operators of several organisations share a deployment. */
public enum Tenancy {
  /** One organisation: who names no tenant is of {@link OperatorTokens#DEFAULT_TENANT}. */
  SINGLE(Optional.of(OperatorTokens.DEFAULT_TENANT)),

  /** Several: who names no tenant has none, and must not get another's. */
  MULTIPLE(Optional.empty());

  private final Optional<String> unnamed;

  Tenancy(Optional<String> unnamed) {
    this.unnamed = unnamed;
  }

  /** The tenant of an operator who names none. */
  public Optional<String> unnamed() {
    return unnamed;
  }
}
