package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.identity.OperatorKeySet;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Unavailable;
import io.agentvault.problem.UpstreamTimeout;
import io.agentvault.problem.UpstreamTooLarge;
import io.agentvault.problem.UpstreamUnreachable;
import io.agentvault.remote.Deadline;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jspecify.annotations.Nullable;

/**
 * The operators' issuer as a client sees it: what it publishes about itself, and its token
 * endpoint. Its addresses are checked like any upstream's; a page of ours sends humans only where
 * it says.
 *
 * @see <a href="https://openid.net/specs/openid-connect-discovery-1_0.html">OpenID Connect
 *     Discovery 1.0</a>
 */
final class Issuer {
  private static final String WHAT = "operators' issuer";
  private static final int RETRY_AFTER_SECONDS = 5;
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final String issuer;
  private final Upstream upstream;
  private final Places places;
  private final ObjectMapper json;
  private final Clock clock;
  private volatile @Nullable Metadata known;

  Issuer(String issuer, Upstream upstream, Places places, ObjectMapper json, Clock clock) {
    this.issuer = issuer;
    this.upstream = upstream;
    this.places = places;
    this.json = json;
    this.clock = clock;
  }

  /**
   * What it publishes.
   *
   * @param readAt when it was read; kept for ten minutes
   */
  record Metadata(
      String authorizationEndpoint, Target tokenEndpoint, Target jwksUri, Instant readAt) {}

  /** What an authorization code is exchanged with. */
  record Grant(String code, String verifier, String redirectUri, String clientId) {
    private byte[] form() {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("grant_type", "authorization_code");
      fields.put("code", code);
      fields.put("redirect_uri", redirectUri);
      fields.put("client_id", clientId);
      fields.put("code_verifier", verifier);
      return Form.body(fields);
    }

    @Override
    public String toString() {
      return "Grant[redacted]";
    }
  }

  /**
   * What it publishes about itself, from at most ten minutes ago.
   *
   * @throws Unavailable when it can't be had, or says that it is another
   */
  Metadata metadata(Deadline deadline) {
    Metadata current = known;
    if (current == null || current.readAt().plus(KEPT).isBefore(clock.instant())) {
      current = read(deadline);
      known = current;
    }
    return current;
  }

  private Metadata read(Deadline deadline) {
    String address = issuer.replaceFirst("/+$", "") + "/.well-known/openid-configuration";
    JsonNode document = tree(get(target(address), deadline));
    if (!document.path("issuer").asText().equals(issuer)) {
      throw unavailable(); // 4.3: it must be the very same
    }
    return new Metadata(
        target(document.path("authorization_endpoint").asText()).url(),
        target(document.path("token_endpoint").asText()),
        target(document.path("jwks_uri").asText()),
        clock.instant());
  }

  /**
   * The ID token that it gives for a code.
   *
   * @throws BadRequest when it does not take the code
   */
  String exchange(Grant grant, Deadline deadline) {
    Reply reply =
        call(
            new Outgoing(
                "POST",
                metadata(deadline).tokenEndpoint(),
                List.of(Form.TYPE, new Header("Accept", "application/json")),
                grant.form()),
            deadline);
    if (reply.status() == 400) {
      throw new BadRequest("code", "was not accepted by the issuer");
    }
    return Optional.of(tree(reply).path("id_token").asText())
        .filter(token -> !token.isEmpty())
        .orElseThrow(Issuer::unavailable);
  }

  /** Its keys as they are now: a sign-in is rare, and never refused by keys of yesterday. */
  VerificationKeyResolver keys(Deadline deadline) {
    String keys = new String(get(metadata(deadline).jwksUri(), deadline).body(), UTF_8);
    try {
      return OperatorKeySet.inline(keys);
    } catch (IllegalArgumentException e) {
      throw unavailable();
    }
  }

  private Reply get(Target target, Deadline deadline) {
    List<Header> headers = List.of(new Header("Accept", "application/json"));
    return call(new Outgoing("GET", target, headers, new byte[0]), deadline);
  }

  private Reply call(Outgoing outgoing, Deadline deadline) {
    try {
      return upstream.call(outgoing, deadline);
    } catch (UpstreamUnreachable | UpstreamTimeout | UpstreamTooLarge e) {
      throw unavailable();
    }
  }

  private Target target(String url) {
    try {
      Target target = Target.parse(url);
      if (target.isHttps() || places.isLocal(target)) {
        return target;
      }
    } catch (BadRequest e) {
      // what it says is about a request's field
    }
    throw unavailable();
  }

  private JsonNode tree(Reply reply) {
    if (reply.status() != 200) {
      throw unavailable();
    }
    try {
      return json.readTree(reply.body());
    } catch (IOException e) {
      throw unavailable();
    }
  }

  private static Unavailable unavailable() {
    return new Unavailable(WHAT, RETRY_AFTER_SECONDS);
  }
}
