package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.broker.SignIn;
import io.agentvault.broker.Uses;
import io.agentvault.identity.Bearer;
import io.agentvault.problem.Internal;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.Origin;
import io.agentvault.vault.HostPattern;
import io.agentvault.vault.Vaults;
import java.util.List;
import java.util.Optional;

/** What waits for others, and what has no route: the calls of the broker function. */
public final class BrokerApi implements Calls {
  private final Vaults vaults;
  private final VaultApi vaultApi;
  private final DepositApi deposits;
  private final UseApi uses;
  private final DepositPage page = new DepositPage();
  private final Protocol mcp;
  private final SigningKeys signingKeys;

  /**
   * @param uses calls that the vault makes
   * @param links where humans reach this deployment
   * @param mcp the Model Context Protocol
   * @param signingKeys what others check signatures with
   * @param signIn where humans sign in before they hand in a secret; empty where they don't
   * @param ceiling the hosts that a use policy may name at most; empty for all
   */
  public BrokerApi(
      Vaults vaults,
      Uses uses,
      Links links,
      Protocol mcp,
      SigningKeys signingKeys,
      Optional<SignIn> signIn,
      List<HostPattern> ceiling) {
    this.vaults = vaults;
    this.vaultApi = new VaultApi(vaults, ceiling);
    this.deposits = new DepositApi(vaults.deposits(), vaults.redemptions(), links, signIn, ceiling);
    this.uses = new UseApi(uses);
    this.mcp = mcp;
    this.signingKeys = signingKeys;
  }

  @Override
  public Route.Plane plane() {
    return Route.Plane.BROKER;
  }

  @Override
  public Answer answer(Request request, Deadline deadline) {
    return switch (request.route()) {
      case REQUEST_DEPOSIT -> deposits.ask(request, deadline);
      case LIST_DEPOSITS -> deposits.list(request, deadline);
      case WITHDRAW_DEPOSIT -> deposits.withdraw(request, deadline);
      case LOOK_AT_DEPOSIT -> deposits.look(request, deadline);
      case SIGN_IN_TO_DEPOSIT -> deposits.signIn(request, deadline);
      case REDEEM_DEPOSIT -> deposits.redeem(request, deadline);
      case DEPOSIT_PAGE -> page.answer();
      case USE -> uses.use(request, deadline);
      case TOKEN -> uses.token(request, deadline);
      case PROXY -> uses.proxy(request, deadline);
      case MCP -> overMcp(request, deadline);
      case SIGNING_KEYS -> signingKeys.answer(deadline);
      default -> throw Calls.ofAnotherFunction();
    };
  }

  private Answer overMcp(Request request, Deadline deadline) {
    HttpEvent http = request.http().orElseThrow(Calls::ofAnotherFunction);
    Deadline within = deadline.of(new Origin(deadline.origin().requestId(), Origin.Way.MCP));
    Protocol.Reply reply = mcp.answer(new McpExchange(request, http), within);
    return new Answer(
        reply.status(),
        reply.headers(),
        reply.body().<Answer.Body>map(Answer.Body.Json::new).orElseGet(Answer.Body.None::new));
  }

  /** An action that a direct invocation of this function or of {@code vault} would do. */
  private ObjectNode perform(String action, ObjectNode fields, Request from, Deadline deadline) {
    ObjectNode event = fields.deepCopy();
    Optional.ofNullable(event.remove("action"))
        .ifPresent(filter -> event.set(DirectEvent.RECORDED_ACTION, filter));
    event.put("action", action).put("key", from.bearer().orElseThrow(Unauthorized::new));
    boolean ours = Route.ofAction(plane(), action).isPresent();
    Calls calls = ours ? this : vaultApi;
    Request request = DirectEvent.request(calls.plane(), event).cameOver(from.http());
    return switch (calls.answer(request, deadline).body()) {
      case Answer.Body.Json(ObjectNode tree) -> tree;
      case Answer.Body.Text text -> throw notJson();
      case Answer.Body.Bytes bytes -> throw notJson();
      case Answer.Body.None none -> throw notJson();
    };
  }

  private static Internal notJson() {
    return new Internal("an action answered no JSON");
  }

  /** A request to {@code /mcp} and its sender. */
  private final class McpExchange implements Protocol.Exchange {
    private final Request request;
    private final HttpEvent http;

    McpExchange(Request request, HttpEvent http) {
      this.request = request;
      this.http = http;
    }

    @Override
    public String method() {
      return http.method();
    }

    @Override
    public Optional<String> header(String name) {
      return http.header(name);
    }

    @Override
    public Optional<String> domain() {
      return http.domain();
    }

    @Override
    public byte[] body() {
      return http.body(Route.MCP.mostBodyBytes());
    }

    @Override
    public ObjectNode perform(String action, ObjectNode fields, Deadline deadline) {
      return BrokerApi.this.perform(action, fields, request, deadline);
    }

    @Override
    public String vouch(String text, Deadline deadline) {
      Bearer bearer = Bearer.parse(request.bearer().orElseThrow(Unauthorized::new));
      return vaults.deposits().vouch(bearer, text, deadline);
    }
  }
}
