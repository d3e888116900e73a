package io.agentvault.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every call there is, over HTTP and directly. */
public enum Route {
  WHOAMI(Plane.VAULT, "GET", "/v0/whoami", "vault.whoami"),
  LIST(Plane.VAULT, "GET", "/v0/vault", "vault.list"),
  STORE(Plane.VAULT, "PUT", "/v0/vault/{label}", "vault.store"),
  GET(Plane.VAULT, "GET", "/v0/vault/{label}", "vault.get"),
  DELETE(Plane.VAULT, "DELETE", "/v0/vault/{label}", "vault.delete"),
  TOTP(Plane.VAULT, "GET", "/v0/vault/{label}/totp", "vault.totp"),
  NEXT_CODE(Plane.VAULT, "POST", "/v0/vault/{label}/totp", "vault.totp", false),
  USE_BACKUP_CODE(Plane.VAULT, "POST", "/v0/vault/{label}/totp/backup", "vault.useBackupCode"),
  LOGS(Plane.VAULT, "GET", "/v0/logs", "vault.logs"),
  LOG_STATS(Plane.VAULT, "GET", "/v0/logs/stats", "vault.logStats"),
  CREATE_TOKEN(Plane.VAULT, "POST", "/v0/tokens", "vault.createToken"),
  CREATE_IDENTITY(Plane.IDENTITY, "POST", "/v0/platform/identities", "identity.create"),
  LIST_IDENTITIES(Plane.IDENTITY, "GET", "/v0/platform/identities", "identity.list"),
  GET_IDENTITY(Plane.IDENTITY, "GET", "/v0/platform/identities/{id}", "identity.get"),
  UPDATE_IDENTITY(Plane.IDENTITY, "PATCH", "/v0/platform/identities/{id}", "identity.update"),
  ROTATE_KEY(
      Plane.IDENTITY, "POST", "/v0/platform/identities/{id}/rotate-key", "identity.rotateKey"),
  REVOKE_IDENTITY(Plane.IDENTITY, "DELETE", "/v0/platform/identities/{id}", "identity.revoke"),
  REQUEST_DEPOSIT_FOR(
      Plane.IDENTITY, "POST", "/v0/platform/identities/{id}/deposits", "identity.requestDeposit"),
  LIST_DEPOSITS_FOR(
      Plane.IDENTITY, "GET", "/v0/platform/identities/{id}/deposits", "identity.listDeposits"),
  WITHDRAW_DEPOSIT_FOR(
      Plane.IDENTITY,
      "DELETE",
      "/v0/platform/identities/{id}/deposits/{depositId}",
      "identity.withdrawDeposit"),
  LIST_CHECKPOINTS(
      Plane.IDENTITY, "GET", "/v0/platform/identities/{id}/checkpoints", "identity.checkpoints"),
  LOGS_OF(Plane.IDENTITY, "GET", "/v0/platform/identities/{id}/logs", "identity.logs"),
  REQUEST_DEPOSIT(Plane.BROKER, "POST", "/v0/deposits", "vault.requestDeposit"),
  LIST_DEPOSITS(Plane.BROKER, "GET", "/v0/deposits", "vault.listDeposits"),
  WITHDRAW_DEPOSIT(Plane.BROKER, "DELETE", "/v0/deposits/{depositId}", "vault.withdrawDeposit"),
  LOOK_AT_DEPOSIT(Plane.BROKER, "GET", "/v0/deposits/{depositId}", "deposit.look", false),
  REDEEM_DEPOSIT(Plane.BROKER, "POST", "/v0/deposits/{depositId}", "deposit.redeem", false),
  SIGN_IN_TO_DEPOSIT(
      Plane.BROKER, "POST", "/v0/deposits/{depositId}/sign-in", "deposit.signIn", false),
  DEPOSIT_PAGE(Plane.BROKER, "GET", "/deposit", "deposit.page", false),
  USE(Plane.BROKER, "POST", "/v0/vault/{label}/use", "vault.use"),
  TOKEN(Plane.BROKER, "GET", "/v0/vault/{label}/token", "vault.token"),
  PROXY(Plane.BROKER, "ANY", "/v0/proxy/{label}/{path+}", "vault.proxy", false),
  MCP(Plane.BROKER, "ANY", "/mcp", "mcp", false),
  SIGNING_KEYS(Plane.BROKER, "GET", "/.well-known/jwks.json", "jwks", false);

  /** Which function answers. */
  public enum Plane {
    /** Agents and their credentials. */
    VAULT,
    /** Operators and their identities. */
    IDENTITY,
    /** What waits for others, and what has no route. */
    BROKER;

    /** The name of its function. */
    String function() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a use takes along: as much as an upstream may answer. */
  private static final int USE_BYTES = 4 * 1024 * 1024;

  /** Takes every method. */
  private static final String ANY = "ANY";

  private final Plane plane;
  private final String method;
  private final String path;
  private final String action;
  private final boolean direct;

  Route(Plane plane, String method, String path, String action) {
    this(plane, method, path, action, true);
  }

  /**
   * @param direct whether it can be invoked without HTTP; else its action is but a name in the log
   */
  Route(Plane plane, String method, String path, String action, boolean direct) {
    this.direct = direct;
    this.plane = plane;
    this.method = method;
    this.path = path;
    this.action = action;
  }

  /** Which function answers. */
  public Plane plane() {
    return plane;
  }

  /** The HTTP method; {@code ANY} for all. */
  public String method() {
    return method;
  }

  /** The path with its parameters in braces, as the template and OpenAPI write it. */
  public String path() {
    return path;
  }

  /** Whether the caller is an agent: its key or a child token is what proves it. */
  boolean isAgents() {
    return switch (plane) {
      case VAULT -> true;
      case IDENTITY -> false;
      case BROKER -> direct || this == PROXY || this == MCP;
    };
  }

  /** What its body may have, in bytes. */
  int mostBodyBytes() {
    return this == USE || this == PROXY ? USE_BYTES : Endpoint.MAXIMUM_REQUEST_BYTES;
  }

  /** The {@code action} of a direct invocation. */
  public String action() {
    return action;
  }

  /** Whether it can be invoked directly, by its action. */
  public boolean isDirect() {
    return direct;
  }

  static Optional<Route> ofAction(Plane plane, String action) {
    return Arrays.stream(values())
        .filter(route -> route.plane == plane && route.direct && route.action.equals(action))
        .findFirst();
  }

  /** The route of a method and a path's segments, of which those in braces may be anything. */
  static Optional<Route> ofPath(Plane plane, String method, String[] segments) {
    return Arrays.stream(values())
        .filter(route -> route.plane == plane && route.takes(method))
        .filter(route -> matches(route.path.split("/", -1), segments))
        .findFirst();
  }

  /** The route that a gateway calls so: method and path. */
  static Optional<Route> ofKey(Plane plane, String key) {
    return Arrays.stream(values())
        .filter(route -> route.plane == plane && key.equals(route.method + " " + route.path))
        .findFirst();
  }

  /** Whether a query means anything to it. */
  boolean takesQuery() {
    return switch (this) {
      case STORE, GET, DELETE, USE_BACKUP_CODE, USE, TOKEN -> false;
      case WITHDRAW_DEPOSIT, LOOK_AT_DEPOSIT, REDEEM_DEPOSIT, SIGN_IN_TO_DEPOSIT -> false;
      default -> true;
    };
  }

  /** Whether it is had by this method. */
  boolean takes(String asked) {
    return method.equals(ANY) || method.equals(asked);
  }

  private static boolean matches(String[] template, String[] segments) {
    boolean greedy = template[template.length - 1].endsWith("+}");
    if (greedy ? segments.length < template.length : segments.length != template.length) {
      return false;
    }
    for (int i = 0; i < template.length; i++) {
      if (!template[i].startsWith("{") && !template[i].equals(segments[i])) {
        return false;
      }
    }
    return true;
  }
}
