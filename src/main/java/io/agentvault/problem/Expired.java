package io.agentvault.problem;

/** The credential is past its {@code expiresAt}; the caller stores a new one. */
public final class Expired extends Problem {
  private static final long serialVersionUID = 1L;

  public Expired() {
    super("expired", 410, "the credential is past its expiresAt");
  }
}
