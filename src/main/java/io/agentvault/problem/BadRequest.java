package io.agentvault.problem;

/** The request breaks a rule of the contract; the caller must change it before it asks again. */
public final class BadRequest extends Problem {
  private static final long serialVersionUID = 1L;

  /**
   * @param field the path of the field in the request, such as {@code data.totp}
   * @param rule the rule it broke, worded to follow the field: "must be …"
   */
  public BadRequest(String field, String rule) {
    super("bad_request", 400, field + " " + rule);
  }
}
