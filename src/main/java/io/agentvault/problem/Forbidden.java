package io.agentvault.problem;

/**
 * The caller is known but may not; it lacks a scope, or what it asks for is closed to everybody.
 */
public final class Forbidden extends Problem {
  private static final long serialVersionUID = 1L;

  /**
   * @param scope the scope or group that is missing, such as {@code vault:write}
   */
  public Forbidden(String scope) {
    super("forbidden", 403, "missing scope: " + scope);
  }

  private Forbidden(Closed closed) {
    super("forbidden", 403, closed.why());
  }

  /**
   * What no scope opens.
   *
   * @param why what to tell the caller
   */
  public static Forbidden because(String why) {
    return new Forbidden(new Closed(why));
  }

  private record Closed(String why) {}
}
