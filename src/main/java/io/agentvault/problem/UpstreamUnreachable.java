package io.agentvault.problem;

/**
 * The upstream could not be reached, or its answer not be read: its name, the connection or TLS
 * failed. Whether it carried the request out is not known; we do not repeat it.
 */
public final class UpstreamUnreachable extends Problem {
  private static final long serialVersionUID = 1L;

  /**
   * A failure of a use.
   *
   * @param message what to tell the caller; never the upstream's own words
   */
  public UpstreamUnreachable(String message) {
    super("upstream_unreachable", 502, message);
  }
}
