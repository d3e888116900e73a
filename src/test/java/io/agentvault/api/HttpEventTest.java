package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.api.Route.Plane;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.PayloadTooLarge;
import java.util.Base64;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEventTest {
  @Test
  void everyRouteIsFoundByItsMethodAndPathAndByNoOther() {
    for (Route route : Route.values()) {
      String path = route.path().replaceAll("\\{[^}]+}", "some label");
      Request request = request(route.plane(), Events.http(route.method(), path));
      assertThat(request.route()).isEqualTo(route);
      assertThat(request.isDirect()).isFalse();
      assertThat(request.target().isPresent()).isEqualTo(route.path().contains("{"));
      Plane other = route.plane() == Plane.VAULT ? Plane.IDENTITY : Plane.VAULT;
      assertNoRoute(other, route.method(), path);
      if (!route.method().equals("ANY")) {
        assertNoRoute(route.plane(), "OPTIONS", path);
        assertNoRoute(route.plane(), route.method().toLowerCase(java.util.Locale.ROOT), path);
      }
      assertNoRoute(route.plane(), route.method(), path + "/x/x/x");
      assertNoRoute(route.plane(), route.method(), "/x" + path);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "/v0", "/v0/", "/V0/vault", "//v0/vault", "/v0//vault", "v0/vault"})
  void anUnknownPathIsNotFound(String path) {
    assertNoRoute(Plane.VAULT, "GET", path);
  }

  @ParameterizedTest
  @CsvSource({
    "/v0/vault/bank, bank",
    "/v0/vault/my bank, my bank",
    "/v0/vault/a%20b, a%20b",
    "/v0/vault/totp, totp",
    "/v0/vault/bank/totp, bank",
  })
  void aLabelIsTheSegmentAsTheGatewayDecodedItAndIsNotDecodedAgain(String path, String label) {
    assertThat(vault(Events.http("GET", path)).target()).contains(label);
  }

  @Test
  void aStagesNameBeforeTheVersionIsPassedOver() {
    ObjectNode event = Events.http("GET", "/prod/v0/vault/bank");
    event.withObject("requestContext").put("stage", "prod");
    assertThat(vault(event).target()).contains("bank");

    event.put("rawPath", "/v0/vault/bank");
    assertThat(vault(event).target()).contains("bank");

    event.put("rawPath", "/production/v0/vault/bank");
    assertThatThrownBy(() -> vault(event)).isInstanceOf(NotFound.class);
  }

  @ParameterizedTest
  @CsvSource({
    "authorization, Bearer avk_x, avk_x",
    "Authorization, bearer avk_x, avk_x",
    "AUTHORIZATION, 'BEARER   avk_x  ', avk_x",
    "aUTHORIZATION, Bearer a b, a b",
  })
  void theBearerIsFoundInAnyCase(String name, String value, String bearer) {
    assertThat(vault(Events.withHeader(list(), name, value)).bearer()).contains(bearer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearerx", "Basic avk_x", "avk_x", " Bearer avk_x"})
  void otherFormsAreNoBearer(String value) {
    assertThat(vault(Events.withHeader(list(), "authorization", value)).bearer()).isEmpty();
  }

  @Test
  void oddHeadersAreNoHeaders() {
    assertThat(vault(list()).bearer()).isEmpty();
    ObjectNode event = list();
    event.withObject("headers").put("authorization", 7);
    assertThat(vault(event).bearer()).isEmpty();
    event.withObject("headers").putNull("authorization");
    assertThat(vault(event).bearer()).isEmpty();
    event.put("headers", "authorization: Bearer avk_x");
    assertThat(vault(event).bearer()).isEmpty();
    event.remove("headers");
    assertThat(vault(event).bearer()).isEmpty();
  }

  @Test
  void preconditionsAreHeadersOfAnyCase() {
    ObjectNode event = Events.withHeader(list(), "If-Match", "\"1\"");

    assertThat(vault(event).precondition().apply("if-match")).contains("\"1\"");
    assertThat(vault(event).precondition().apply("if-none-match")).isEmpty();
  }

  @Test
  void anAuthorizersClaimsAreNotLookedAt() {
    ObjectNode event = list();
    event
        .withObject("requestContext")
        .putObject("authorizer")
        .putObject("jwt")
        .putObject("claims")
        .put("groups", "vault-operator");

    assertThat(vault(event).bearer()).isEmpty();
  }

  @Test
  void aBodyIsReadPlainOrInBase64() {
    ObjectNode event = Events.withBody(put(), "{'type':'CUSTOM'}");
    assertThat(vault(event).fields().text("type")).contains("CUSTOM");

    event.put("body", base64("{\"type\":\"grüße\"}")).put("isBase64Encoded", true);
    assertThat(vault(event).fields().text("type")).contains("grüße");
  }

  @Test
  void anAbsentBodyIsNoFieldsWhereTheyAreOptionalAndABadRequestElsewhere() {
    for (String body : new String[] {"", "null"}) {
      ObjectNode event = body.isEmpty() ? put().put("body", "") : put().putNull("body");
      assertThat(vault(event).optionalFields().tree()).isEmpty();
      assertBadRequest(() -> vault(event).fields(), "body must be one JSON object");
    }
    assertBadRequest(() -> vault(put()).fields(), "body must be one JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "7", "'x'", "{'a':1,'a':1}", " "})
  void aBodyThatIsNotOneObjectIsABadRequest(String body) {
    assertBadRequest(
        () -> vault(Events.withBody(put(), body)).fields(),
        "body must be one JSON object in UTF-8, without a name that stands twice");
  }

  @Test
  void aBodyThatIsNoBase64IsABadRequest() {
    assertBadRequest(
        () -> vault(put().put("body", "ä").put("isBase64Encoded", true)),
        "body must be base64 when isBase64Encoded is true");
  }

  @Test
  void aBodyNestedTooDeepOrOfBrokenUnicodeIsABadRequest() {
    assertBadRequest(
        () -> vault(Events.withBody(put(), "{'a':".repeat(17) + "1" + "}".repeat(17))).fields(),
        "body must be nested at most 16 deep");
    assertBadRequest(
        () -> vault(Events.withBody(put(), "{'a':'\\ud800'}")).fields(),
        "body must be well-formed Unicode, without a lone surrogate");
    assertBadRequest(
        () -> vault(put().put("body", "{\"a\":\"\ud800\"}")).fields(),
        "body must be well-formed Unicode, without a lone surrogate");
  }

  @Test
  void aBodyOf128KiBIsTheLargest() {
    assertThat(vault(put().put("body", body(131_072))).fields().mentions("a")).isTrue();
    assertTooLarge(put().put("body", body(131_073)));
    assertThat(vault(encoded(body(131_072))).fields().mentions("a")).isTrue();
    assertTooLarge(encoded(body(131_073)));
    assertTooLarge(encoded(body(500_000)));
    assertTooLarge(put().put("body", "{\"a\":\"" + "ä".repeat(65_536) + "\"}"));
  }

  private static void assertTooLarge(ObjectNode event) {
    assertThatThrownBy(() -> vault(event))
        .isInstanceOf(PayloadTooLarge.class)
        .hasMessage("request must be at most 128 KiB");
  }

  private static String body(int bytes) {
    return "{\"a\":\"" + "x".repeat(bytes - "{\"a\":\"\"}".length()) + "\"}";
  }

  private static ObjectNode encoded(String body) {
    return put().put("body", base64(body)).put("isBase64Encoded", true);
  }

  @Test
  void parametersComeFromTheQuery() {
    ObjectNode event = Events.withQuery(list(), "limit", "7");
    event.withObject("queryStringParameters").putNull("pageToken");

    assertThat(vault(event).integer("limit", 1, 9, 3)).isEqualTo(7);
    assertThat(vault(event).text("pageToken")).isEmpty();
    assertThat(vault(list()).integer("limit", 1, 9, 3)).isEqualTo(3);
  }

  @Test
  void onlyWhatHasAMethodIsAnHttpEvent() {
    assertThat(HttpEvent.of(Events.json("{}"))).isEmpty();
    assertThat(HttpEvent.of(Events.json("{'requestContext':{'http':{'method':7}}}"))).isEmpty();
    assertThat(HttpEvent.of(Events.json("{'requestContext':'x'}"))).isEmpty();
    assertThat(HttpEvent.of(list()).flatMap(HttpEvent::requestId)).contains("gateway-request-1");
    assertThatThrownBy(() -> vault(Events.json("{'requestContext':{'http':{'method':'GET'}}}")))
        .isInstanceOf(NotFound.class);
  }

  private static ObjectNode list() {
    return Events.http("GET", "/v0/vault");
  }

  private static ObjectNode put() {
    return Events.http("PUT", "/v0/vault/bank");
  }

  private static Request vault(ObjectNode event) {
    return request(Plane.VAULT, event);
  }

  private static Request request(Plane plane, ObjectNode event) {
    return HttpEvent.of(event).orElseThrow().request(plane);
  }

  private static void assertNoRoute(Plane plane, String method, String path) {
    assertThatThrownBy(() -> request(plane, Events.http(method, path)))
        .isInstanceOf(NotFound.class)
        .hasMessage("no such route");
  }

  private static void assertBadRequest(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(BadRequest.class).hasMessage(message);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
