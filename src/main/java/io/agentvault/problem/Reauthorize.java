package io.agentvault.problem;

/**
 * The authorization server takes the stored grant no more. Only a human can mend it, by granting
 * anew: ask for a deposit that replaces the credential.
 */
public final class Reauthorize extends Problem {
  private static final long serialVersionUID = 1L;

  /**
   * @param error the code of RFC 6749 §5.2 with which the grant was refused; one of that section's,
   *     never other words of the server
   */
  public Reauthorize(String error) {
    super(
        "reauthorize",
        409,
        "the authorization server refused the stored grant ("
            + error
            + "); ask for a deposit that replaces the credential");
  }
}
