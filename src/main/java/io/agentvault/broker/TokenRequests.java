package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.crypto.Randomness;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.UpstreamUnreachable;
import io.agentvault.remote.Deadline;
import io.agentvault.vault.HostPattern;
import io.agentvault.vault.TokenEndpoint;
import io.agentvault.vault.TokenGrant;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@link TokenEndpoint} over the guarded way out: one POST to exactly the stored URL.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5">RFC 6749 §5</a>
 */
final class TokenRequests implements TokenEndpoint {
  private static final int OK = 200;
  private static final int MULTIPLE_CHOICES = 300;

  /** RFC 6749 §5.2, RFC 8707 §2; what else a server says is never passed on. */
  private static final Set<String> ERRORS =
      Set.of(
          "invalid_request",
          "invalid_client",
          "invalid_grant",
          "unauthorized_client",
          "unsupported_grant_type",
          "invalid_scope",
          "invalid_target");

  /** What GitHub and Slack document in the place of a code of that section. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "bad_refresh_token", "invalid_grant",
          "invalid_refresh_token", "invalid_grant",
          "incorrect_client_credentials", "invalid_client",
          "bad_client_secret", "invalid_client");

  private final Upstream upstream;
  private final Places places;
  private final List<HostPattern> ceiling;
  private final Randomness randomness;
  private final Clock clock;

  TokenRequests(
      Upstream upstream,
      Places places,
      List<HostPattern> ceiling,
      Randomness randomness,
      Clock clock) {
    this.upstream = upstream;
    this.places = places;
    this.ceiling = List.copyOf(ceiling);
    this.randomness = randomness;
    this.clock = clock;
  }

  @Override
  public Answer ask(TokenGrant grant, Optional<String> refreshToken, Deadline deadline) {
    Target target = Target.parse(grant.tokenUrl());
    if (!target.isHttps() && !places.isLocal(target)) {
      throw Forbidden.because("tokenUrl must begin with https://");
    }
    if (!ceiling.isEmpty()
        && ceiling.stream().noneMatch(each -> each.matches(target.host(), target.port()))) {
      throw Forbidden.because("this deployment does not allow the host of tokenUrl");
    }
    Map<String, String> form = form(grant, refreshToken);
    List<Header> headers =
        new ArrayList<>(List.of(Form.TYPE, new Header("Accept", "application/json")));
    authenticate(grant, form, headers);
    return answer(upstream.call(new Outgoing("POST", target, headers, Form.body(form)), deadline));
  }

  /** No scope on a refresh: RFC 6749 §6 means those that were granted. */
  private static Map<String, String> form(TokenGrant grant, Optional<String> refreshToken) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", grant.kind().text());
    switch (grant.kind()) {
      case REFRESH_TOKEN -> form.put("refresh_token", refreshToken.orElseThrow());
      case CLIENT_CREDENTIALS -> grant.field("scope").ifPresent(scope -> form.put("scope", scope));
    }
    for (String name : List.of("audience", "resource")) {
      grant.field(name).ifPresent(value -> form.put(name, value));
    }
    return form;
  }

  private void authenticate(TokenGrant grant, Map<String, String> form, List<Header> headers) {
    switch (grant.clientAuth()) {
      case BASIC -> headers.add(new Header("Authorization", basic(grant)));
      case POST -> {
        form.put("client_id", grant.clientId());
        form.put("client_secret", grant.field("clientSecret").orElseThrow());
      }
      case NONE -> form.put("client_id", grant.clientId());
      case PRIVATE_KEY_JWT -> {
        form.put("client_id", grant.clientId());
        form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        form.put("client_assertion", ClientAssertion.of(grant, randomness, clock));
      }
    }
  }

  /** RFC 6749 §2.3.1: each part is form-encoded before the two are joined. */
  private static String basic(TokenGrant grant) {
    String pair =
        Form.encoded(grant.clientId())
            + ":"
            + Form.encoded(grant.field("clientSecret").orElseThrow());
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  private static Answer answer(Reply reply) {
    JsonNode tree = tree(reply.body());
    boolean success = reply.status() >= OK && reply.status() < MULTIPLE_CHOICES;
    Optional<String> error = text(tree, "error");
    if (error.isPresent() || !success) {
      return error
          .map(said -> OTHER_NAMES.getOrDefault(said, said))
          .filter(ERRORS::contains)
          .<Answer>map(Answer.Refused::new)
          .orElseThrow(TokenRequests::unreadable);
    }
    return new Answer.Issued(
        text(tree, "access_token")
            .filter(TokenRequests::isToken)
            .orElseThrow(TokenRequests::unreadable),
        text(tree, "token_type").filter(TokenRequests::isToken).orElse("Bearer"),
        expiresIn(tree.path("expires_in")),
        text(tree, "scope"),
        text(tree, "refresh_token"));
  }

  private static JsonNode tree(byte[] body) {
    try {
      JsonNode tree = new ObjectMapper().readTree(body);
      if (tree != null && tree.isObject()) {
        return tree;
      }
    } catch (IOException e) {
      // what the parser says quotes what was answered
    }
    throw unreadable();
  }

  /** What can stand in a header. */
  private static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c <= '~');
  }

  private static Optional<String> text(JsonNode tree, String field) {
    return Optional.ofNullable(tree.path(field).textValue()).filter(text -> !text.isEmpty());
  }

  /** A number, or its text, as some servers write it; within a century. */
  private static Optional<Long> expiresIn(JsonNode node) {
    long seconds = node.isNumber() || node.isTextual() ? node.asLong(-1) : -1;
    return seconds >= 0 && seconds < 3_155_760_000L ? Optional.of(seconds) : Optional.empty();
  }

  private static UpstreamUnreachable unreadable() {
    return new UpstreamUnreachable("the token endpoint did not answer as RFC 6749 says");
  }
}
