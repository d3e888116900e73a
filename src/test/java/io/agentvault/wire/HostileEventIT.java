package io.agentvault.wire;

import static io.agentvault.wire.Hostile.bearer;
import static io.agentvault.wire.Hostile.direct;
import static io.agentvault.wire.Hostile.forged;
import static io.agentvault.wire.Hostile.httpEvent;
import static io.agentvault.wire.Hostile.key;
import static io.agentvault.wire.Hostile.withoutRemoteCall;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.problem.Unauthorized;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events, headers and paths that no honest client and no gateway sends. */
class HostileEventIT {
  private static final World WORLD = World.shared();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "7",
        "'text'",
        "{}",
        "{'action':null}",
        "{'action':7}",
        "{'action':''}",
        "{'action':'vault.read'}",
        "{'action':'VAULT.GET'}",
        "{'action':'vault.get '}",
        "{'Records':[{'eventSource':'aws:sqs','body':'{}'}]}",
        "{'version':'2.0','rawPath':'/v0/whoami'}",
        "{'httpMethod':'GET','path':'/v0/whoami','resource':'/v0/whoami'}",
        "{'requestContext':{'http':{}}}",
        "{'requestContext':'http'}",
        "{'source':'aws.events','detail-type':'Scheduled Event','detail':{}}",
      })
  void anEventThatIsNeitherHttpNorDirectIsABadRequest(String event) {
    for (String function : List.of("vault", "identity")) {
      Answer answer =
          withoutRemoteCall(() -> direct(function, event.replace('\'', '"').getBytes(UTF_8)));
      assertThat(answer.status()).as("%s: %s", function, answer).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "authorization", "AUTHORIZATION", "aUTHORIZATION"})
  void headerNamesHaveNoCase(String name) {
    ObjectNode event = httpEvent("GET", "/v0/whoami");
    event.putObject("headers").put(name, "bEaReR " + key().credential());
    assertThat(forged(event).status()).isEqualTo(200);
  }

  @Test
  void credentialsThatProveNothingAreOneAndTheSameUnauthorized() {
    String good = key().credential();
    String flipped = good.substring(0, good.length() - 1) + (good.endsWith("0") ? "1" : "0");
    List<String> headers =
        List.of(
            "",
            "Bearer",
            "Bearer ",
            "Bearer  ",
            "Basic " + Base64.getEncoder().encodeToString(("a:" + good).getBytes(UTF_8)),
            good,
            "Bearer " + good.substring(0, good.length() - 1),
            "Bearer " + good + "0",
            "Bearer " + flipped,
            "Bearer " + good.toUpperCase(Locale.ROOT),
            "Bearer " + good + ", Bearer " + good,
            "Bearer \"" + good + "\"",
            "Bearer " + "x".repeat(5000),
            "Bearer avk_" + "0".repeat(26) + "_" + "0".repeat(59));
    for (String header : headers) {
      Answer answer =
          withoutRemoteCall(
              () ->
                  WORLD
                      .wire()
                      .http("GET", "/v0/whoami", Map.of("Authorization", header), new byte[0]));
      assertThat(answer.status()).as("%s", answer).isEqualTo(401);
      assertThat(answer.message()).isEqualTo(Unauthorized.MESSAGE);
    }
  }

  @Test
  void headersOfOddFormsAreNotBelieved() {
    for (String headers : List.of("null", "[]", "7", "{}", "{\"authorization\":null}")) {
      ObjectNode event = httpEvent("GET", "/v0/whoami");
      event.set("headers", Call.json(headers));
      assertThat(withoutRemoteCall(() -> forged(event)).status()).as(headers).isEqualTo(401);
    }
    ObjectNode event = httpEvent("GET", "/v0/whoami");
    event.putObject("headers");
    event
        .withObject("requestContext")
        .set(
            "authorizer",
            Call.json("{'jwt':{'claims':{'groups':['vault-operator']}},'lambda':{'agentId':'x'}}"));
    assertThat(withoutRemoteCall(() -> forged(event)).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a%2562", "%2541", "a%255C", "%20a", "a%20", "a%00", "a%0A", "a%7F", "%C3%A9", "a%23"
      })
  void aLabelIsDecodedOnceAndThenHeldToItsGrammar(String segment) {
    Answer answer =
        withoutRemoteCall(
            () -> WORLD.wire().http("GET", "/v0/vault/" + segment, bearer(Map.of()), new byte[0]));
    assertThat(answer.status()).as("%s", answer).isEqualTo(400);
    assertThat(answer.message()).contains("label");
  }

  @Test
  void aLabelThatIsPercentEncodedIsTheOneThatIsNot() {
    String label = WORLD.stored(World.API_KEY);
    StringBuilder encoded = new StringBuilder();
    label.chars().forEach(each -> encoded.append("%%%02x".formatted(each)));
    Answer answer = WORLD.wire().http("GET", "/v0/vault/" + encoded, bearer(Map.of()), new byte[0]);
    assertThat(answer.text("name")).isEqualTo(label);
  }

  @Test
  void anEventForTheOtherFunctionIsRefused() {
    Answer http = forged("identity", httpEvent("GET", "/v0/whoami"));
    assertThat(http.status()).isEqualTo(404);
    Answer direct = direct("identity", "{\"action\":\"vault.whoami\"}".getBytes(UTF_8));
    assertThat(direct.status()).isEqualTo(400);
  }
}
