package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.api.Json;
import io.agentvault.identity.AgentId;
import io.agentvault.identity.DepositToken;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Unavailable;
import io.agentvault.problem.UpstreamTimeout;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operators' issuer may say, and what of it is believed. */
class SignInTest {
  private static final String ISSUER = "https://issuer.example/tenant";
  private static final String DISCOVERY = ISSUER + "/.well-known/openid-configuration";
  private static final String METADATA =
      """
      {"issuer":"https://issuer.example/tenant",
       "authorization_endpoint":"https://issuer.example/auth",
       "token_endpoint":"https://issuer.example/token",
       "jwks_uri":"https://issuer.example/keys"}""";
  private static final DepositToken DEPOSIT =
      DepositToken.of(
          new AgentId("0".repeat(AgentId.CHARACTERS)),
          "0".repeat(AgentId.CHARACTERS),
          new byte[DepositToken.SECRET_BYTES]);

  private final MutableClock clock = new MutableClock();
  private final Map<String, Reply> answers = new HashMap<>();
  private final List<Outgoing> calls = new ArrayList<>();
  private final SignIn signIn =
      new SignIn(
          "deposits", ISSUER, this::answer, new Places(List.of(), Set.of()), Json.MAPPER, clock);

  SignInTest() {
    answers.put(DISCOVERY, json(200, METADATA));
  }

  private Reply answer(Outgoing call, Deadline deadline) {
    calls.add(call);
    Reply reply = answers.get(call.target().url());
    if (reply == null) {
      throw new UpstreamTimeout("nobody answers");
    }
    return reply;
  }

  private static Reply json(int status, String body) {
    return new Reply(status, List.of(), body.getBytes(UTF_8));
  }

  private SignIn.Offer offer() {
    return signIn.offer(deadline());
  }

  private String subject() {
    return signIn.subject("a&b", "verifier", "https://v.example/deposit", DEPOSIT, deadline());
  }

  private Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(10), clock);
  }

  @Test
  void theOfferIsWhatTheIssuerPublishesAndKeptForTenMinutes() {
    assertThat(offer()).isEqualTo(new SignIn.Offer("https://issuer.example/auth", "deposits"));
    offer();
    assertThat(calls).hasSize(1);
    clock.advance(Duration.ofMinutes(11));
    offer();
    assertThat(calls).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "https://issuer.example/tenant\", https://issuer.example/other\"",
    "https://issuer.example/auth, http://issuer.example/auth",
    "https://issuer.example/auth, javascript:alert(1)",
    "https://issuer.example/token, http://127.0.0.1:9001/token",
    "https://issuer.example/keys, file:///etc/passwd",
    "\"jwks_uri\", \"other\"",
  })
  void metadataOfAnotherOrOfNoSafePlaceAreNotBelieved(String from, String to) {
    answers.put(DISCOVERY, json(200, METADATA.replace(from, to)));
    assertThatThrownBy(this::offer).isInstanceOf(Unavailable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "<html>", "{\"issuer\":7}"})
  void metadataThatAreNoneAreUnavailable(String text) {
    answers.put(DISCOVERY, json(200, text));
    assertThatThrownBy(this::offer).isInstanceOf(Unavailable.class);
    answers.put(DISCOVERY, json(302, METADATA));
    assertThatThrownBy(this::offer).isInstanceOf(Unavailable.class);
  }

  @Test
  void theCodeGoesToTheTokenEndpointAloneWithPkceAndNoSecret() {
    answers.put("https://issuer.example/token", json(400, "{\"error\":\"invalid_grant\"}"));
    assertThatThrownBy(this::subject).isInstanceOf(BadRequest.class).hasMessageContaining("code");
    Outgoing sent = calls.getLast();
    assertThat(sent.method()).isEqualTo("POST");
    assertThat(new String(sent.body(), UTF_8))
        .isEqualTo(
            "grant_type=authorization_code&code=a%26b&redirect_uri=https%3A%2F%2Fv.example%2Fdeposit"
                + "&client_id=deposits&code_verifier=verifier");
  }

  @Test
  void anIssuerThatFailsIsUnavailableAndNoHumansFault() {
    assertThatThrownBy(this::subject).isInstanceOf(Unavailable.class);
    for (Reply reply : List.of(json(500, "{}"), json(401, "{}"), json(200, "{}"))) {
      answers.put("https://issuer.example/token", reply);
      assertThatThrownBy(this::subject).isInstanceOf(Unavailable.class);
    }
    answers.put("https://issuer.example/token", json(200, "{\"id_token\":\"x.y.z\"}"));
    answers.put("https://issuer.example/keys", json(200, "{\"keys\":[]}"));
    assertThatThrownBy(this::subject).isInstanceOf(Unavailable.class);
  }
}
