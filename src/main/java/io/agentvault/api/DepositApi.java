package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.identity.Bearer;
import io.agentvault.identity.DepositToken;
import io.agentvault.identity.Identity;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.Data;
import io.agentvault.vault.DepositTerms;
import io.agentvault.vault.Deposits;
import io.agentvault.vault.Redemptions;
import io.agentvault.vault.UsePolicyCodec;
import java.util.Optional;

/** Deposits: what an agent asks for, and what a human's page does with a link. */
final class DepositApi {
  private final Deposits deposits;
  private final Redemptions redemptions;
  private final Links links;

  DepositApi(Deposits deposits, Redemptions redemptions, Links links) {
    this.deposits = deposits;
    this.redemptions = redemptions;
    this.links = links;
  }

  Answer ask(Request request, Deadline deadline) {
    Deposits.Wish wish = DepositFields.wish(request.fields());
    String page = links.depositPage(request);
    Deposits.Asked asked = deposits.ask(bearer(request), wish, deadline);
    return Answer.created(DepositFields.asked(asked, page));
  }

  Answer list(Request request, Deadline deadline) {
    return Answer.ok(DepositFields.list(deposits.list(bearer(request), deadline)));
  }

  Answer withdraw(Request request, Deadline deadline) {
    String id = DepositFields.id(request);
    deposits.withdraw(bearer(request), id, deadline);
    return Answer.ok(DepositFields.withdrawn(id));
  }

  Answer look(Request request, Deadline deadline) {
    Redemptions.Shown shown = redemptions.look(token(request), deadline);
    Identity identity = shown.identity();
    DepositTerms terms = shown.deposit().terms();
    ObjectNode body = Bodies.object();
    body.put("agentName", identity.name().orElse(null));
    body.put("tenant", identity.tenant());
    DepositFields.terms(body, terms);
    body.set("previousUse", shown.previousUse().map(UsePolicyCodec::write).orElse(null));
    body.put("expiresAt", Bodies.time(shown.deposit().expiresAt()));
    body.putNull("signIn");
    return Answer.ok(body);
  }

  Answer redeem(Request request, Deadline deadline) {
    Fields fields = request.fields();
    redemptions.redeem(
        token(request),
        fields.requiredText("code"),
        fields
            .object("data")
            .map(Data::of)
            .orElseThrow(() -> new BadRequest("data", "must be given")),
        fields.object("metadata").map(Data::of),
        deadline);
    return Answer.ok(Bodies.object().put("stored", true));
  }

  /** The token that is presented, if it opens the deposit of the path. */
  private static DepositToken token(Request request) {
    DepositToken token = DepositToken.parse(request.bearer().orElseThrow(Unauthorized::new));
    if (!request.text("depositId").equals(Optional.of(token.depositId()))) {
      throw new Unauthorized();
    }
    return token;
  }

  private static Bearer bearer(Request request) {
    return Bearer.parse(request.bearer().orElseThrow(Unauthorized::new));
  }
}
