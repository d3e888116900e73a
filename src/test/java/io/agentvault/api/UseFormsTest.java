package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.broker.Call;
import io.agentvault.broker.Header;
import io.agentvault.broker.Reply;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Forbidden;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.UpstreamTimeout;
import io.agentvault.problem.UpstreamTooLarge;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UseFormsTest {
  private static final String KEY =
      "avk_0123456789abcdefghjkmnpqrs_" + "0123456789abcdefghjkmnpqrstvwxyz".repeat(2).substring(5);
  private static final String OTHER = KEY.replace("_0123", "_0124");

  @ParameterizedTest
  @ValueSource(strings = {"Bearer %s", "token %s", "%s", "bearer  %s", "OAuth oauth_token=\"%s\""})
  void aKeyIsFoundUnderAnySchemeOrNone(String value) {
    assertThat(PresentedKey.in(Map.of("Authorization", value.formatted(KEY))).text())
        .isEqualTo(KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s:", ":%s", "%s:x-oauth-basic", "me:%s"})
  void aKeyIsFoundAsUserNameAndAsPassword(String pair) {
    String basic = Base64.getEncoder().encodeToString(pair.formatted(KEY).getBytes(UTF_8));

    assertThat(PresentedKey.in(Map.of("authorization", "Basic " + basic)).text()).isEqualTo(KEY);
  }

  @Test
  void everyHeaderThatHoldsTheKeyIsNamedAndTwoKeysAreRefused() {
    PresentedKey key =
        PresentedKey.in(Map.of("X-Api-Key", KEY, "Authorization", "Bearer " + KEY, "accept", "*"));

    assertThat(key.headers()).containsExactlyInAnyOrder("x-api-key", "authorization");
    assertThatThrownBy(() -> PresentedKey.in(Map.of("x-api-key", KEY, "api-key", OTHER)))
        .isInstanceOf(BadRequest.class)
        .hasMessageNotContaining("avk_");
    assertThatThrownBy(() -> PresentedKey.in(Map.of("authorization", KEY + ",Bearer " + OTHER)))
        .isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> PresentedKey.in(Map.of("authorization", "Bearer sk-live")))
        .isInstanceOf(Unauthorized.class);
  }

  @Test
  void aHeaderThatOnlyAPolicyCanAllowIsNamed() {
    PresentedKey key = PresentedKey.in(Map.of("X-Linear", KEY));

    assertThat(key.unusualHeaders()).containsExactly("x-linear");
    assertThat(key.toString()).doesNotContain(KEY);
  }

  @Test
  void aKeyInPathQueryOrBodyIsRefusedEncodedToo() {
    for (String text : List.of(KEY, "a=" + KEY + "&b", KEY.replace("_", "%5f"), "%zz" + KEY)) {
      assertThatThrownBy(() -> PresentedKey.refuseIn("query", text))
          .isInstanceOf(BadRequest.class)
          .hasMessageNotContaining("0123");
    }
    assertThatThrownBy(() -> PresentedKey.refuseIn(("{\"k\":\"" + KEY + "\"}").getBytes(UTF_8)))
        .isInstanceOf(BadRequest.class);
    PresentedKey.refuseIn("query", "avk_short&100%");
  }

  @Test
  void aUseIsReadFromItsFields() {
    Call call =
        call(
            """
            {"method":"POST","url":"https://a.example/x?y=1","query":{"q":["a b","&"]},
             "headers":{"X-One":"1","X-Two":["2","3"]},"body":"{}"}""");

    assertThat(call.place()).isEqualTo(new Call.Place.Url("https://a.example/x?y=1&q=a%20b&q=%26"));
    assertThat(call.headers()).extracting(Header::value).containsExactly("1", "2", "3");
    assertThat(call.body()).isEqualTo("{}".getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"method\":\"get\",\"url\":\"https://a.example\"}",
        "{\"method\":\"TRACE\",\"url\":\"https://a.example\"}",
        "{\"method\":\"CONNECT\",\"url\":\"https://a.example\"}",
        "{\"method\":\"GET\"}",
        "{\"method\":\"GET\",\"url\":\"x\",\"headers\":{\"a\":\"b\\r\\nHost: evil\"}}",
        "{\"method\":\"GET\",\"url\":\"x\",\"headers\":{\"a b\":\"c\"}}",
        "{\"method\":\"GET\",\"url\":\"x\",\"headers\":{\"a\":1}}",
        "{\"method\":\"GET\",\"url\":\"x\",\"query\":\"a=b\"}",
        "{\"method\":\"GET\",\"url\":\"x\",\"body\":\"a\",\"bodyBase64\":\"YQ==\"}",
        "{\"method\":\"GET\",\"url\":\"x\",\"bodyBase64\":\"*\"}"
      })
  void aUseThatIsNotOneIsRefused(String json) {
    assertThatThrownBy(() -> call(json)).isInstanceOf(BadRequest.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "Bearer %s", "Basic base64"})
  void aKeyInAHeaderThatIsAskedForIsRefused(String form) {
    String pair = Base64.getEncoder().encodeToString(("me:" + OTHER).getBytes(UTF_8));
    String value = form.formatted(OTHER).replace("base64", pair);
    String json = "{\"method\":\"GET\",\"url\":\"https://a.example\",\"headers\":{\"X-A\":\"%s\"}}";

    assertThatThrownBy(() -> call(json.formatted(value)))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("headers")
        .hasMessageNotContaining("avk_");
  }

  private static Call call(String json) {
    return UseFields.call(
        new Fields(Json.object("body", json.getBytes(UTF_8))), new PresentedKey(KEY, Set.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "/v0/proxy/gh/repos/acme,            repos/acme, GET,    /repos/acme",
    "/v0/proxy/gh/a b/ü,                 a b/ü,      GET,    /a%20b/%C3%BC",
    "/prod/v0/proxy/gh/x/,               x/,         DELETE, /x/",
    "/v0/proxy/gh/a%2520b,               a%2520b,    GET,    /a%252520b",
    "/v0/proxy/gh/a%20b,                 ,           DELETE, /a%20b",
  })
  void thePathIsAsItWasSentOrEncodedAgain(
      String rawPath, String parameter, String method, String expected) {
    Call call =
        ProxyForm.call(event(method, rawPath, parameter), new PresentedKey(KEY, Set.of("x-key")));

    assertThat(call.place()).isEqualTo(new Call.Place.FirstHost(expected + "?q=%20"));
    assertThat(call.headers()).extracting(Header::name).containsExactly("accept");
  }

  @ParameterizedTest
  @CsvSource({
    "/v0/proxy/gh/a,      b",
    "/v0/proxy/gh/a,      a?b",
    "/v0/proxy/gh/a?b,    a?b",
    "/v0/proxy/gh/a/../b, b",
    "/v0/proxy/gh/a b,    a b",
  })
  void aPathThatTheGatewayReadInTwoWaysIsRefused(String rawPath, String parameter) {
    PresentedKey key = new PresentedKey(KEY, Set.of());

    assertThatThrownBy(() -> ProxyForm.call(event("DELETE", rawPath, parameter), key))
        .isInstanceOf(BadRequest.class);
  }

  @Test
  void aBrowserThatGoesThereAndAMethodThatThereIsNotAreForbidden() {
    HttpEvent visit = event("GET", "/v0/proxy/gh/a", "a");
    ((ObjectNode) visit.event().path("headers")).put("Sec-Fetch-Mode", "navigate");
    PresentedKey key = new PresentedKey(KEY, Set.of());

    assertThatThrownBy(() -> ProxyForm.call(visit, key)).isInstanceOf(Forbidden.class);
    assertThatThrownBy(() -> ProxyForm.call(event("TRACE", "/v0/proxy/gh/a", "a"), key))
        .isInstanceOf(Forbidden.class);
  }

  private static HttpEvent event(String method, String rawPath, String parameter) {
    ObjectNode event = Bodies.object().put("rawPath", rawPath).put("rawQueryString", "q=%20");
    event.putObject("headers").put("x-key", KEY).put("accept", "*/*");
    ObjectNode context = event.putObject("requestContext").put("stage", "prod");
    context.putObject("http").put("method", method);
    if (parameter != null) {
      event.putObject("pathParameters").put("label", "gh").put("path", parameter);
    }
    return HttpEvent.of(event).orElseThrow();
  }

  @Test
  void textThatWouldGrowPastLambdasLimitGoesAsBase64() {
    byte[] quotes = new byte[2 * 1024 * 1024];
    Arrays.fill(quotes, (byte) '"');
    byte[] letters = new byte[4 * 1024 * 1024];
    Arrays.fill(letters, (byte) 'a');
    byte[] notUtf8 = {(byte) 0xff};

    assertThat(UseAnswer.json(reply(letters)).has("body")).isTrue();
    assertThat(UseAnswer.json(reply(notUtf8)).path("bodyBase64").asText()).isEqualTo("/w==");
    ObjectNode grown = UseAnswer.json(reply(quotes));
    assertThat(grown.has("bodyBase64")).isTrue();
    assertThat(HttpResponse.of(Answer.ok(grown)).length).isLessThan(6 * 1024 * 1024);
    byte[] most = new byte[4 * 1024 * 1024];
    assertThat(HttpResponse.of(Answer.ok(UseAnswer.json(reply(most)))).length)
        .isLessThan(6 * 1024 * 1024);
  }

  @Test
  void headersThatLeaveNoRoomForTheBodyAreTooLarge() {
    List<Header> large =
        java.util.stream.IntStream.range(0, 100)
            .mapToObj(i -> new Header("x-" + i, "a".repeat(16_000)))
            .toList();
    Reply reply = new Reply(200, large, new byte[4 * 1024 * 1024]);

    assertThatThrownBy(() -> UseAnswer.json(reply)).isInstanceOf(UpstreamTooLarge.class);
    assertThatThrownBy(() -> UseAnswer.http(reply)).isInstanceOf(UpstreamTooLarge.class);
  }

  @Test
  void aProxyAnswerIsNoPageOfOursAndSaysWhoseItIs() {
    Answer answer =
        UseAnswer.http(
            new Reply(
                418,
                List.of(new Header("Link", "<a>"), new Header("link", "<b>")),
                new byte[] {1}));

    assertThat(answer.status()).isEqualTo(418);
    assertThat(answer.headers())
        .containsEntry("link", "<a>, <b>")
        .containsEntry("vault-outcome", "upstream")
        .containsEntry("content-security-policy", "sandbox; default-src 'none'")
        .containsEntry("x-content-type-options", "nosniff")
        .containsEntry("content-type", "application/octet-stream");
    assertThat(UseAnswer.http(new Reply(304, List.of(), new byte[0])).body())
        .isEqualTo(new Answer.Body.None());
  }

  @Test
  void aFailureOfOursIsMarkedAndNotRepeated() {
    Answer failed =
        ProxyForm.failed(Answer.of(504, Bodies.object()), new UpstreamTimeout("too late"));

    assertThat(failed.headers())
        .containsEntry("vault-outcome", "vault")
        .containsEntry("x-should-retry", "false")
        .containsEntry("stripe-should-retry", "false")
        .containsEntry("content-security-policy", "sandbox; default-src 'none'")
        .containsEntry("x-content-type-options", "nosniff");
    assertThat(
            ProxyForm.failed(Answer.of(400, Bodies.object()), new BadRequest("a", "b")).headers())
        .doesNotContainKey("x-should-retry");
  }

  private static Reply reply(byte[] body) {
    return new Reply(200, List.of(new Header("Content-Type", "text/plain")), body);
  }
}
