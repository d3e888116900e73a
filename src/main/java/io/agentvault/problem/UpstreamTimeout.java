package io.agentvault.problem;

/**
 * The upstream did not answer in time. It may have carried the request out; we do not repeat it.
 */
public final class UpstreamTimeout extends Problem {
  private static final long serialVersionUID = 1L;

  /**
   * A failure of a use.
   *
   * @param message what to tell the caller; never the upstream's own words
   */
  public UpstreamTimeout(String message) {
    super("upstream_timeout", 504, message);
  }
}
