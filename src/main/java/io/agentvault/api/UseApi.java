package io.agentvault.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.broker.Call;
import io.agentvault.broker.Used;
import io.agentvault.broker.Uses;
import io.agentvault.identity.Bearer;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Unauthorized;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.AccessToken;
import io.agentvault.vault.Label;

/** Uses, in their two forms: as JSON, and as plain HTTP. */
final class UseApi {
  private final Uses uses;

  UseApi(Uses uses) {
    this.uses = uses;
  }

  /** {@code POST /v0/vault/{label}/use}, {@code vault.use}. */
  Answer use(Request request, Deadline deadline) {
    PresentedKey key = PresentedKey.of(request);
    Bearer bearer = key.bearer();
    Call call = UseFields.call(request.fields(), key);
    Used used = uses.use(bearer, label(request), call, deadline);
    return marked(Answer.ok(UseAnswer.json(used.reply())), used);
  }

  /** {@code GET /v0/vault/{label}/token}, {@code vault.token}. */
  Answer token(Request request, Deadline deadline) {
    Bearer bearer = Bearer.parse(request.bearer().orElseThrow(Unauthorized::new));
    AccessToken token = uses.token(bearer, label(request), deadline);
    ObjectNode body = Bodies.object().put("accessToken", token.text());
    body.put("tokenType", token.type());
    body.put("expiresAt", Bodies.time(token.expiresAt()));
    return Answer.ok(body.put("scope", token.scope().orElse(null)));
  }

  /** {@code ANY /v0/proxy/{label}/{path+}}. */
  Answer proxy(Request request, Deadline deadline) {
    HttpEvent http = request.http().orElseThrow(Calls::ofAnotherFunction);
    PresentedKey key = PresentedKey.of(request);
    Bearer bearer = key.bearer();
    Used used = uses.use(bearer, label(request), ProxyForm.call(http, key), deadline);
    return marked(UseAnswer.http(used.reply()), used);
  }

  private static Answer marked(Answer answer, Used used) {
    return used.recorded() ? answer : answer.with("vault-record", "attempt");
  }

  private static Label label(Request request) {
    return Label.parse(
        request.target().orElseThrow(() -> new BadRequest("label", "must be given")));
  }
}
