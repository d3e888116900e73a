package io.agentvault.lambda;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.api.Protocol;
import io.agentvault.mcp.Actions;
import io.agentvault.mcp.Incoming;
import io.agentvault.mcp.Mcp;
import io.agentvault.mcp.Outgoing;
import io.agentvault.remote.Deadline;

/** Joins the API, which knows the events, with the protocol, which knows the messages. */
final class McpProtocol {
  /** What clients are told of this build; a test holds it to the POM. */
  static final String VERSION = "0.1.0";

  private McpProtocol() {}

  static Protocol of(Mcp mcp) {
    return (exchange, deadline) -> {
      Incoming http =
          new Incoming(exchange.method(), exchange::header, exchange.domain(), exchange.body());
      Outgoing answer = mcp.answer(http, inTheNameOf(exchange), deadline);
      return new Protocol.Reply(answer.status(), answer.headers(), answer.body());
    };
  }

  private static Actions inTheNameOf(Protocol.Exchange exchange) {
    return new Actions() {
      @Override
      public ObjectNode perform(String action, ObjectNode fields, Deadline deadline) {
        return exchange.perform(action, fields, deadline);
      }

      @Override
      public String vouch(String text, Deadline deadline) {
        return exchange.vouch(text, deadline);
      }
    };
  }
}
