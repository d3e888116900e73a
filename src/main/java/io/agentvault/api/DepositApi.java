package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.broker.SignIn;
import io.agentvault.identity.Bearer;
import io.agentvault.identity.DepositToken;
import io.agentvault.identity.Identity;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.Data;
import io.agentvault.vault.DepositTerms;
import io.agentvault.vault.Deposits;
import io.agentvault.vault.HostPattern;
import io.agentvault.vault.Redemptions;
import io.agentvault.vault.UsePolicyCodec;
import io.agentvault.vault.Visit;
import java.util.List;
import java.util.Optional;

/** Deposits: what an agent asks for, and what a human's page does with a link. */
final class DepositApi {
  private final Deposits deposits;
  private final Redemptions redemptions;
  private final Links links;
  private final Optional<SignIn> signIn;
  private final List<HostPattern> ceiling;

  /**
   * @param signIn where humans sign in first; empty where they don't
   * @param ceiling the hosts that a use policy may name at most; empty for all
   */
  DepositApi(
      Deposits deposits,
      Redemptions redemptions,
      Links links,
      Optional<SignIn> signIn,
      List<HostPattern> ceiling) {
    this.ceiling = List.copyOf(ceiling);
    this.deposits = deposits;
    this.redemptions = signIn.isPresent() ? redemptions.askingForSignIn() : redemptions;
    this.links = links;
    this.signIn = signIn;
  }

  Answer ask(Request request, Deadline deadline) {
    Deposits.Wish wish = DepositFields.wish(request.fields(), ceiling);
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
    Optional<Redemptions.Shown> shown = redemptions.look(visit(request), deadline);
    return Answer.ok(shown.isPresent() ? shown(shown.get()) : offer(deadline));
  }

  private ObjectNode offer(Deadline deadline) {
    SignIn.Offer offer = signIn.orElseThrow(DepositApi::noSignIn).offer(deadline);
    ObjectNode body = Bodies.object();
    body.putObject("signIn")
        .put("authorizationEndpoint", offer.authorizationEndpoint())
        .put("clientId", offer.clientId());
    return body;
  }

  private static ObjectNode shown(Redemptions.Shown shown) {
    Identity identity = shown.identity();
    DepositTerms terms = shown.deposit().terms();
    ObjectNode body = Bodies.object();
    body.put("agentName", identity.name().orElse(null));
    body.put("tenant", identity.tenant());
    DepositFields.terms(body, terms);
    body.set("previousUse", shown.previousUse().map(UsePolicyCodec::write).orElse(null));
    body.put("expiresAt", Bodies.time(shown.deposit().expiresAt()));
    body.putNull("signIn");
    return body;
  }

  /**
   * The code of a human who came back from the issuer becomes a ticket.
   *
   * @throws NotFound where nobody signs in
   */
  Answer signIn(Request request, Deadline deadline) {
    SignIn at = signIn.orElseThrow(DepositApi::noSignIn);
    DepositToken token = token(request);
    redemptions.look(Visit.by(token), deadline); // before anybody is asked about it
    String subject =
        at.subject(
            request.fields().requiredText("code"),
            request.fields().requiredText("verifier"),
            links.depositPage(request),
            token,
            deadline);
    return Answer.ok(Bodies.object().put("ticket", redemptions.ticket(token, subject, deadline)));
  }

  private static NotFound noSignIn() {
    return new NotFound("sign-in");
  }

  Answer redeem(Request request, Deadline deadline) {
    Fields fields = request.fields();
    redemptions.redeem(
        visit(request),
        fields.requiredText("code"),
        fields
            .object("data")
            .map(Data::of)
            .orElseThrow(() -> new BadRequest("data", "must be given")),
        fields.object("metadata").map(Data::of),
        deadline);
    return Answer.ok(Bodies.object().put("stored", true));
  }

  private static Visit visit(Request request) {
    return new Visit(
        token(request), request.http().flatMap(http -> http.header("x-deposit-sign-in")));
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
