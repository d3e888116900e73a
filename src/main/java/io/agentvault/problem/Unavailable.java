package io.agentvault.problem;

/**
 * A service behind the vault did not answer in time or refused; nothing is known about what was
 * asked. The caller waits {@link #retryAfterSeconds()} and repeats the same request.
 */
public final class Unavailable extends Problem {
  private static final long serialVersionUID = 1L;

  private final int retryAfterSeconds;

  /**
   * @param service which one, in words: {@code storage} or {@code key service}
   * @param retryAfterSeconds how long to wait, in seconds
   */
  public Unavailable(String service, int retryAfterSeconds) {
    super("unavailable", 503, "the " + service + " is not available");
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Seconds to wait before the same request is worth repeating; at least 1. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
