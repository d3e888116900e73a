package io.agentvault.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.mcp.ToolCalls.Call;
import io.agentvault.problem.Expired;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Problem;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Backoff;
import io.agentvault.remote.Deadline;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A call whose credential is missing: a deposit is asked for, and a human sent to its page. Where
 * the client can show a page itself, by the protocol's own way (multi round-trip requests, URL
 * elicitation); otherwise as text that the model passes on.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr">Multi
 *     round-trip requests</a>
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation">
 *     Elicitation</a>
 */
final class HandIn {
  /** The key of our one input request. */
  private static final String DEPOSIT = "deposit";

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final int LOOKS = 6;

  private final ObjectMapper json;
  private final Backoff.Pause pause;

  HandIn(ObjectMapper json, Backoff.Pause pause) {
    this.json = json;
    this.pause = pause;
  }

  /** What is left to do once a client has come back. */
  sealed interface Resolved {
    /** The call itself. */
    record GoOn() implements Resolved {}

    /** Nothing: this is the answer. */
    record Ended(String message) implements Resolved {}
  }

  /**
   * Looks at what the human did, when the client comes back with the state that it was given.
   *
   * @throws ProtocolError when the state is not one that was given for this call, or is too old
   */
  Resolved onReturn(Call call, ObjectNode params, Actions actions, Deadline deadline) {
    JsonNode given = params.path("requestState");
    if (given.isMissingNode()) {
      return new Resolved.GoOn();
    }
    String depositId = CallState.depositId(given.asText(), call, actions, deadline);
    return switch (params.path("inputResponses").path(DEPOSIT).path("action").asText()) {
      case "accept" ->
          isHandedIn(depositId, actions, deadline)
              ? new Resolved.GoOn()
              : new Resolved.Ended(
                  "The secret is not yet handed in. Call again once the person has done so.");
      case "decline", "cancel" -> {
        withdraw(depositId, actions, deadline);
        yield new Resolved.Ended("The person did not hand the secret in; the link is withdrawn.");
      }
      default -> new Resolved.GoOn(); // not answered: where it is still missing, it is asked again
    };
  }

  private boolean isHandedIn(String depositId, Actions actions, Deadline deadline) {
    for (int look = 1; ; look++) {
      ObjectNode listed = actions.perform("vault.listDeposits", json.createObjectNode(), deadline);
      for (JsonNode deposit : listed.path("deposits")) {
        if (deposit.path("depositId").asText().equals(depositId)
            && deposit.path("redeemed").asBoolean()) {
          return true;
        }
      }
      if (look == LOOKS || !deadline.allows(LOOK_AGAIN.multipliedBy(2))) {
        return false;
      }
      pause.sleep(LOOK_AGAIN);
    }
  }

  private void withdraw(String depositId, Actions actions, Deadline deadline) {
    try {
      actions.perform(
          "vault.withdrawDeposit", json.createObjectNode().put("depositId", depositId), deadline);
    } catch (NotFound gone) {
      // it had ended by itself
    }
  }

  /** Asks a human, where the caller may: else the call fails with what is missing. */
  ObjectNode ask(Era era, Call call, Problem missing, Actions actions, Deadline deadline) {
    Optional<ObjectNode> fields = deposit(call, missing);
    if (fields.isEmpty()) {
      return ToolCalls.failure(json, missing);
    }
    try {
      ObjectNode asked = actions.perform("vault.requestDeposit", fields.get(), deadline);
      return switch (era) {
        case Era.Modern(boolean opensUrls) when opensUrls ->
            elicitation(call, asked, actions, deadline);
        case Era.Modern modern -> link(asked);
        case Era.Legacy legacy -> link(asked);
      };
    } catch (Unauthorized nobody) {
      throw nobody;
    } catch (Problem refused) {
      return ToolCalls.failure(json, missing);
    }
  }

  /** The deposit that a call implies; none when it doesn't say what for. */
  private Optional<ObjectNode> deposit(Call call, Problem missing) {
    ObjectNode fields = json.createObjectNode();
    fields.set("label", call.arguments().path("label"));
    if (missing instanceof Expired) {
      // with the type and the hosts that it has; what has expired is no longer there to be replaced
      return Optional.of(fields);
    }
    if (call.tool() == Tool.VAULT_TOTP) {
      return Optional.of(fields.put("type", "TOTP"));
    }
    Optional<String> host = host(call.arguments().path("url").asText());
    host.ifPresent(
        name -> {
          fields.put("type", "API_KEY");
          fields.putObject("use").putArray("allow").addObject().put("host", name);
        });
    return host.map(name -> fields);
  }

  private static Optional<String> host(String url) {
    try {
      URI uri = new URI(url);
      return Optional.ofNullable(uri.getHost())
          .map(name -> name.toLowerCase(Locale.ROOT))
          .map(
              name ->
                  uri.getPort() < 0 || uri.getPort() == 443 ? name : name + ":" + uri.getPort());
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private ObjectNode elicitation(Call call, ObjectNode asked, Actions actions, Deadline deadline) {
    ObjectNode result = json.createObjectNode().put("resultType", "input_required");
    ObjectNode request = result.putObject("inputRequests").putObject(DEPOSIT);
    request.put("method", "elicitation/create");
    ObjectNode params = request.putObject("params").put("mode", "url");
    params.put("url", asked.path("url").asText());
    params.put(
        "message",
        "The agent needs a credential that its vault doesn't have. On the page, check what it is"
            + " for, enter the code "
            + asked.path("code").asText()
            + " and hand it in.");
    String depositId = asked.path("depositId").asText();
    return result.put("requestState", CallState.make(depositId, call, actions, deadline));
  }

  private ObjectNode link(ObjectNode asked) {
    return ToolCalls.failure(
        json,
        "The vault doesn't have this credential. Ask the person you work for to hand it in at "
            + asked.path("url").asText()
            + " with the code "
            + asked.path("code").asText()
            + ", then call again. Never ask for the secret itself.");
  }
}
