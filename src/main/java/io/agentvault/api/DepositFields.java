package io.agentvault.api;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.identity.DepositToken;
import io.agentvault.problem.BadRequest;
import io.agentvault.vault.CredentialType;
import io.agentvault.vault.Data;
import io.agentvault.vault.Deposit;
import io.agentvault.vault.DepositTerms;
import io.agentvault.vault.Deposits;
import io.agentvault.vault.HostPattern;
import io.agentvault.vault.Label;
import io.agentvault.vault.UsePolicyCodec;
import java.time.Duration;
import java.util.List;

/** Deposits in the words of the wire, the same for agents and for operators. */
final class DepositFields {
  private static final int CODE_HALF = 4;

  private DepositFields() {}

  /**
   * What is asked for.
   *
   * @param ceiling the hosts that a use policy may name at most; empty for all
   */
  static Deposits.Wish wish(Fields fields, List<HostPattern> ceiling) {
    Deposits.Wish wish = wish(fields);
    CredentialType type = wish.type().orElse(CredentialType.API_KEY);
    wish.use()
        .map(use -> UsePolicyCodec.parse(type, use.expose()))
        .ifPresent(policy -> policy.checkWithin(ceiling));
    return wish;
  }

  private static Deposits.Wish wish(Fields fields) {
    return new Deposits.Wish(
        Label.parse(fields.requiredText("label")),
        fields.text("type").map(CredentialType::parse),
        fields.text("reason"),
        fields.object("use").map(Data::of),
        fields.flag("replace"),
        Duration.ofSeconds(
            fields.integer(
                "expiresIn",
                Deposits.SHORTEST_SECONDS,
                Deposits.LONGEST_SECONDS,
                Deposits.USUAL_SECONDS)));
  }

  static String id(Request request) {
    return request
        .text("depositId")
        .orElseThrow(() -> new BadRequest("depositId", "must be given"));
  }

  /** The one place where a deposit's token is written out, into the part that no server is sent. */
  static ObjectNode asked(Deposits.Asked asked, String page) {
    DepositToken token = asked.token();
    ObjectNode body = Bodies.object().put("depositId", asked.deposit().id());
    body.put("url", page + "#" + new String(token.text().expose(), US_ASCII));
    String code = asked.code();
    body.put("code", code.substring(0, CODE_HALF) + "-" + code.substring(CODE_HALF));
    return body.put("expiresAt", Bodies.time(asked.deposit().expiresAt()));
  }

  static ObjectNode list(List<Deposit> deposits) {
    ObjectNode body = Bodies.object();
    ArrayNode array = body.putArray("deposits");
    deposits.forEach(deposit -> array.add(of(deposit)));
    return body.put("count", array.size());
  }

  private static ObjectNode of(Deposit deposit) {
    ObjectNode body = Bodies.object().put("depositId", deposit.id());
    switch (deposit) {
      case Deposit.Redeemed redeemed -> body.put("redeemed", true);
      case Deposit.Pending pending -> {
        body.put("redeemed", false);
        terms(body, pending.terms());
      }
    }
    return body.put("expiresAt", Bodies.time(deposit.expiresAt()));
  }

  static void terms(ObjectNode body, DepositTerms terms) {
    body.put("label", terms.label().text());
    body.put("type", terms.type().name());
    body.put("reason", terms.reason().orElse(null));
    body.set("use", UsePolicyCodec.write(terms.use()));
  }

  static ObjectNode withdrawn(String depositId) {
    return Bodies.object().put("depositId", depositId).put("withdrawn", true);
  }
}
