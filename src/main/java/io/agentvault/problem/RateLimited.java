package io.agentvault.problem;

/** Too many requests; the caller waits and repeats. */
public final class RateLimited extends Problem {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what to tell the caller; says what is limited
   */
  public RateLimited(String message) {
    super("rate_limited", 429, message);
  }
}
