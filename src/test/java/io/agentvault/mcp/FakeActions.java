package io.agentvault.mcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Problem;
import io.agentvault.remote.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A vault of one agent, whose one credential {@code github} a human may hand in. */
final class FakeActions implements Actions {
  static final String URL = "https://vault.example/deposit#avd_x_d1_s";

  private final ObjectMapper json = new ObjectMapper();
  private final String agent;
  private final List<String> scopes;
  final List<String> performed = new ArrayList<>();
  Optional<Problem> failure = Optional.empty();
  Optional<Problem> refusal = Optional.empty();
  boolean mayAsk = true;
  boolean handedIn;
  boolean withdrawn;

  FakeActions(String agent, String... scopes) {
    this.agent = agent;
    this.scopes = List.of(scopes);
  }

  @Override
  public ObjectNode perform(String action, ObjectNode fields, Deadline deadline) {
    performed.add(action + fields);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    ObjectNode answer = json.createObjectNode();
    return switch (action) {
      case "vault.whoami" -> {
        scopes.forEach(answer.put("identityId", agent).putArray("scopes")::add);
        yield answer;
      }
      case "vault.requestDeposit" -> {
        if (!mayAsk) {
          throw new Forbidden("vault:use");
        }
        yield answer
            .put("depositId", "d1")
            .put("url", URL)
            .put("code", "ABCD-EFGH")
            .put("expiresAt", "2030-01-01T00:15:00.000Z");
      }
      case "vault.listDeposits" -> {
        answer.putArray("deposits").addObject().put("depositId", "d1").put("redeemed", handedIn);
        yield answer;
      }
      case "vault.withdrawDeposit" -> {
        withdrawn = true;
        yield answer;
      }
      default -> {
        if (failure.isPresent()) {
          throw failure.get();
        }
        if (!handedIn) {
          throw new NotFound("credential");
        }
        yield answer.put("status", 200).put("body", "<ok>");
      }
    };
  }

  @Override
  public String vouch(String text, Deadline deadline) {
    return Integer.toHexString((agent + text).hashCode());
  }
}
