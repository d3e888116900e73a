package io.agentvault.api;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.identity.Caller.Agent;
import io.agentvault.identity.ChildTokens;
import io.agentvault.identity.LabelPattern;
import io.agentvault.identity.Limits;
import io.agentvault.identity.Scope;
import io.agentvault.identity.TokenId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Child tokens in the words of the wire. */
final class TokenFields {
  /** More than there are: clients of the same API ask for some that this vault doesn't know. */
  private static final int MOST_SCOPES = 100;

  private TokenFields() {}

  static ChildTokens.Wish wish(Fields fields) {
    int seconds = fields.integer("expiresIn", 1, ChildTokens.LONGEST_SECONDS, 0);
    return new ChildTokens.Wish(
        fields
            .texts("labels", Limits.MOST_PATTERNS)
            .map(labels -> labels.stream().map(LabelPattern::parse).toList()),
        fields.texts("scopes", MOST_SCOPES).map(Scope::known),
        seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds)));
  }

  /** The one place where a child token is written out. */
  static ObjectNode made(ChildTokens.Made made) {
    ObjectNode body = Bodies.object();
    body.put("token", new String(made.token().text().expose(), US_ASCII));
    body.put("tokenId", made.token().id().text());
    body.put("expiresAt", Bodies.time(made.limits().until()));
    body.set("labels", labels(made.limits().labels()));
    body.set("scopes", Bodies.scopes(made.limits().scopes()));
    return body;
  }

  /** What an agent is told of its limits; a key has none but its scopes. */
  static void limits(ObjectNode body, Agent agent) {
    Limits limits = agent.limits();
    body.set("scopes", Bodies.scopes(limits.scopes()));
    body.put("tokenId", agent.tokenId().map(TokenId::text).orElse(null));
    body.set("labels", agent.tokenId().map(token -> labels(limits.labels())).orElse(null));
    body.put("expiresAt", Bodies.time(limits.until()));
  }

  private static ArrayNode labels(List<LabelPattern> patterns) {
    ArrayNode labels = Json.MAPPER.createArrayNode();
    patterns.forEach(each -> labels.add(each.written()));
    return labels;
  }
}
