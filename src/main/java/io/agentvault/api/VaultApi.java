package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.identity.Bearer;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.Content;
import io.agentvault.vault.Credential;
import io.agentvault.vault.CredentialType;
import io.agentvault.vault.Data;
import io.agentvault.vault.HostPattern;
import io.agentvault.vault.Label;
import io.agentvault.vault.Logs;
import io.agentvault.vault.OneTimeCodes;
import io.agentvault.vault.Precondition;
import io.agentvault.vault.UsePolicyCodec;
import io.agentvault.vault.Vault;
import io.agentvault.vault.Vaults;
import java.util.List;

/** The data plane's calls: what an agent's key opens. */
public final class VaultApi implements Calls {
  private final Vault vault;
  private final OneTimeCodes oneTimeCodes;
  private final Logs logs;
  private final List<HostPattern> ceiling;

  /**
   * @param ceiling the hosts that a use policy may name at most; empty for all
   */
  public VaultApi(Vaults vaults, List<HostPattern> ceiling) {
    this.ceiling = List.copyOf(ceiling);
    this.vault = vaults.vault();
    this.oneTimeCodes = vaults.oneTimeCodes();
    this.logs = vaults.logs();
  }

  @Override
  public Route.Plane plane() {
    return Route.Plane.VAULT;
  }

  @Override
  public Answer answer(Request request, Deadline deadline) {
    Bearer bearer = Bearer.parse(request.bearer().orElseThrow(Unauthorized::new));
    return switch (request.route()) {
      case WHOAMI -> Answer.ok(Bodies.whoami(vault.whoami(bearer, deadline)));
      case LIST -> list(bearer, request, deadline);
      case STORE -> store(bearer, request, deadline);
      case GET -> get(bearer, request, deadline);
      case DELETE -> delete(bearer, request, deadline);
      case TOTP, NEXT_CODE -> totp(bearer, request, deadline);
      case USE_BACKUP_CODE ->
          Answer.ok(
              Bodies.backupCode(oneTimeCodes.useBackupCode(bearer, label(request), deadline)));
      case LOGS ->
          Answer.ok(
              LogFields.page(
                  logs.page(
                      bearer,
                      LogFields.wanted(request),
                      LogFields.limit(request),
                      LogFields.after(request),
                      deadline)));
      case LOG_STATS -> Answer.ok(LogFields.stats(logs.stats(bearer, deadline)));
      case CREATE_TOKEN ->
          Answer.created(
              TokenFields.made(
                  vault.createToken(bearer, TokenFields.wish(request.optionalFields()), deadline)));
      default -> throw Calls.ofAnotherFunction();
    };
  }

  private Answer list(Bearer bearer, Request request, Deadline deadline) {
    int limit = request.integer("limit", 1, Vault.MAXIMUM_PAGE, Vault.MAXIMUM_PAGE);
    Vault.Listing listing =
        vault.list(bearer, limit, request.text("pageToken").map(PageToken::label), deadline);
    ObjectNode body = Bodies.object();
    ArrayNode credentials = body.putArray("credentials");
    listing.credentials().forEach(each -> credentials.add(Bodies.listed(each)));
    body.put("count", credentials.size());
    listing.next().ifPresent(label -> body.put("nextPageToken", PageToken.of(label)));
    return Answer.ok(body);
  }

  private Answer store(Bearer bearer, Request request, Deadline deadline) {
    Label label = label(request);
    Fields fields = request.fields();
    CredentialType type = CredentialType.parse(fields.requiredText("type"));
    Content plain =
        Content.checked(
            type,
            fields
                .object("data")
                .map(Data::of)
                .orElseThrow(() -> new BadRequest("data", "must be given")),
            fields.object("metadata").map(Data::of),
            fields.instant("expiresAt"));
    Content content =
        fields.object("use").map(use -> plain.with(UsePolicyCodec.parse(type, use))).orElse(plain);
    content.use().ifPresent(policy -> policy.checkWithin(ceiling));
    Credential stored = vault.store(bearer, label, content, precondition(request), deadline);
    return Answer.ok(Bodies.metadata(stored), stored.etag());
  }

  private Answer get(Bearer bearer, Request request, Deadline deadline) {
    Credential credential = vault.get(bearer, label(request), deadline);
    return Answer.ok(Bodies.credential(credential), credential.etag());
  }

  private Answer delete(Bearer bearer, Request request, Deadline deadline) {
    Label label = label(request);
    vault.delete(bearer, label, precondition(request), deadline);
    return Answer.ok(Bodies.object().put("name", label.text()).put("deleted", true));
  }

  private Answer totp(Bearer bearer, Request request, Deadline deadline) {
    int minRemaining =
        request.integer("minRemaining", 0, OneTimeCodes.MAXIMUM_MIN_REMAINING_SECONDS, 0);
    return Answer.ok(
        Bodies.code(
            oneTimeCodes.code(
                bearer,
                label(request),
                new OneTimeCodes.Wish(
                    minRemaining,
                    request.flag("wait"),
                    request.flag("unique"),
                    request.isDirect() || request.route() == Route.NEXT_CODE),
                deadline)));
  }

  private static Label label(Request request) {
    return Label.parse(
        request.target().orElseThrow(() -> new BadRequest("label", "must be given")));
  }

  private static Precondition precondition(Request request) {
    return Precondition.parse(
        request.precondition().apply("if-match"), request.precondition().apply("if-none-match"));
  }
}
