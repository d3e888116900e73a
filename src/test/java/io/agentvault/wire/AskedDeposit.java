package io.agentvault.wire;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A deposit that was asked for, and the calls on it.
 *
 * @param agent who asked
 * @param operator of the agent's tenant
 * @param asked what was answered: link, code, id
 */
record AskedDeposit(World.Agent agent, Caller.Operator operator, JsonNode asked) {
  private String id() {
    return asked.path("depositId").asText();
  }

  private Caller.Bearer itsToken() {
    String url = asked.path("url").asText();
    return new Caller.Bearer(url.substring(url.indexOf('#') + 1));
  }

  /** A call of the agent's. */
  Call by(String operation) {
    Call call = Call.of(operation, agent.key());
    return operation.equals("listDeposits") ? call : call.with("depositId", id());
  }

  /** A call of the page's. */
  Call byItsToken(String operation) {
    return Call.of(operation, itsToken()).with("depositId", id());
  }

  /** A call of the page's about another one. */
  Call spoilt(String operation, String otherId) {
    return Call.of(operation, itsToken()).with("depositId", otherId);
  }

  /** What the page sends; {@code CODE} in it stands for the right code. */
  Call redeeming(String body) {
    return byItsToken("redeemDeposit").body(body.replace("CODE", asked.path("code").asText()));
  }

  /** A call of the operator's. */
  Call byOperator(String operation) {
    return Call.of(operation, operator).with("identityId", agent.id()).with("depositId", id());
  }
}
