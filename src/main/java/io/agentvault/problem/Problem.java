package io.agentvault.problem;

/**
 * A failure with a meaning. The message names a field and the rule it broke, never a value that the
 * caller sent; it is safe to show and to log.
 *
 * <p>Problems carry no stack trace: they are answers, not defects.
 */
public abstract sealed class Problem extends RuntimeException
    permits BadRequest,
        Unauthorized,
        Forbidden,
        NotFound,
        Conflict,
        QuotaExceeded,
        Expired,
        PayloadTooLarge,
        Unavailable,
        UpstreamUnreachable,
        UpstreamTooLarge,
        UpstreamTimeout,
        Reauthorize,
        Internal,
        Tampered {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final int status;

  Problem(String code, int status, String message) {
    super(message, null, false, false);
    this.code = code;
    this.status = status;
  }

  /** The machine-readable {@code error} of the wire contract, such as {@code not_found}. */
  public final String code() {
    return code;
  }

  /** The HTTP status, 400 to 599. */
  public final int status() {
    return status;
  }
}
