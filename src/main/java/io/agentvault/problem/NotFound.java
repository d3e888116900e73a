package io.agentvault.problem;

/** The store answered that there is none. Never the result of a fault. */
public final class NotFound extends Problem {
  private static final long serialVersionUID = 1L;

  /**
   * @param what the kind of thing that is absent, such as {@code credential}
   */
  public NotFound(String what) {
    super("not_found", 404, "no such " + what);
  }
}
