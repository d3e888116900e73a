package io.agentvault.problem;

/** The request or one of its parts is over a limit; the caller sends less. */
public final class PayloadTooLarge extends Problem {
  private static final long serialVersionUID = 1L;

  /**
   * @param field what is too large, such as {@code request}
   * @param limit the limit in words, unit included
   */
  public PayloadTooLarge(String field, String limit) {
    super("payload_too_large", 413, field + " must be at most " + limit);
  }
}
