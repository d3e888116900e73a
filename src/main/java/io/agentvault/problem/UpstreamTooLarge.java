package io.agentvault.problem;

/** The upstream answered more than is passed on. It may have carried the request out. */
public final class UpstreamTooLarge extends Problem {
  private static final long serialVersionUID = 1L;

  /**
   * A failure of a use.
   *
   * @param message what to tell the caller; never the upstream's own words
   */
  public UpstreamTooLarge(String message) {
    super("upstream_too_large", 502, message);
  }
}
