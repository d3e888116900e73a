package io.agentvault.problem;

/**
 * The vault holds as much as it may. The caller deletes what it no longer needs, or asks the
 * operator for a larger quota; repeating alone does not help.
 */
public final class QuotaExceeded extends Problem {
  private static final long serialVersionUID = 1L;

  /**
   * @param what the vault may have so many of
   * @param most how many
   */
  public QuotaExceeded(String what, long most) {
    super("quota_exceeded", 409, "the vault may hold at most " + most + " " + what);
  }
}
