package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.table.Faults;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Internal;
import io.agentvault.problem.NotFound;
import io.agentvault.problem.PayloadTooLarge;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import io.agentvault.vault.Precondition.Etag;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  private final Planes planes = new Planes();
  private final AgentKey key = planes.world.agent();

  @Test
  void anHttpAnswerIsTheGatewaysResponseWithAJsonBody() {
    ObjectNode response = http(stored());

    assertThat(response.propertyStream().map(Map.Entry::getKey))
        .containsExactly("statusCode", "headers", "body", "isBase64Encoded");
    assertThat(response.path("statusCode").intValue()).isEqualTo(200);
    assertThat(response.path("isBase64Encoded").isBoolean()).isTrue();
    assertThat(response.path("isBase64Encoded").booleanValue()).isFalse();
    ObjectNode body = planes.body(200, response);
    String etag = new Etag(body.path("credentialId").asText(), 1).text();
    assertThat(response.path("headers").propertyStream().map(Object::toString))
        .containsExactlyInAnyOrder(
            "content-type=\"application/json\"",
            "cache-control=\"no-store\"",
            "etag=" + TextNode.valueOf(etag));
    assertThat(body.path("name").asText()).isEqualTo("bank");
    assertThat(http(Events.http("GET", "/v0/vault", key)).path("headers").has("etag")).isFalse();
  }

  private ObjectNode stored() {
    return Events.withBody(
        Events.http("PUT", "/v0/vault/bank", key), "{'type':'CUSTOM','data':{'k':1}}");
  }

  @Test
  void aDirectAnswerIsTheBodyItself() {
    ObjectNode body = planes.direct(planes.vault, "{'action':'vault.list'," + keyField() + "}");

    assertThat(body).hasToString("{\"credentials\":[],\"count\":0}");
  }

  @Test
  void anHttpErrorIsAnAnswerThatNamesTheGatewaysRequest() {
    ObjectNode response = http(Events.http("GET", "/v0/vault/none", key));

    assertThat(response.path("body").asText())
        .isEqualTo(
            "{\"error\":\"not_found\",\"message\":\"no such credential\",\"status\":404,"
                + "\"requestId\":\"gateway-request-1\"}");
    assertThat(response.path("statusCode").asInt()).isEqualTo(404);
    assertThat(response.path("headers").path("content-type").asText())
        .isEqualTo("application/json");
    assertThat(response.path("headers").has("retry-after")).isFalse();
  }

  @Test
  void withoutAGatewaysRequestTheInvocationIsNamed() {
    ObjectNode event = Events.http("GET", "/v0/vault/none", key);
    event.withObject("requestContext").remove("requestId");

    assertThat(planes.body(404, http(event)).path("requestId").asText()).isEqualTo("invocation-1");
  }

  @Test
  void aRequestIdOfBrokenUnicodeIsAnsweredToo() {
    String event = Events.http("GET", "/v0/vault/none", key).toString();
    byte[] broken = event.replace("gateway-request-1", "\\ud800").getBytes(UTF_8);

    assertThat(
            planes.invoke(planes.vault, broken, planes.world.deadline()).path("statusCode").asInt())
        .isIn(400, 404);
  }

  @Test
  void anOutageIsA503ThatSaysWhenToTryAgain() {
    planes.world.table.fail(1, Faults.outage());
    ObjectNode response = http(Events.http("GET", "/v0/vault", key));

    assertThat(planes.body(503, response).path("error").asText()).isEqualTo("unavailable");
    assertThat(response.path("headers").path("retry-after").asText()).isEqualTo("1");
  }

  @Test
  void aDirectFailureIsAFunctionErrorOfItsClass() {
    assertThatThrownBy(
            () ->
                planes.direct(
                    planes.vault, "{'action':'vault.get','label':'x'," + keyField() + "}"))
        .isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> planes.direct(planes.vault, "{'action':'vault.list'}"))
        .isInstanceOf(Unauthorized.class);
    assertThatThrownBy(() -> planes.direct(planes.vault, "{'action':'identity.list'}"))
        .isInstanceOf(BadRequest.class);
    planes.world.table.fail(1, Faults.outage());
    assertThatThrownBy(
            () -> planes.direct(planes.vault, "{'action':'vault.list'," + keyField() + "}"))
        .isInstanceOf(Unavailable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "[]", "canary", "{\"a\":1,\"a\":1}", "{\"Records\":[]}", "{}"})
  void anEventThatIsNeitherIsABadRequestAndLoggedAsOne(String event) {
    assertThatThrownBy(
            () -> planes.invoke(planes.vault, event.getBytes(UTF_8), planes.world.deadline()))
        .isInstanceOf(BadRequest.class)
        .hasMessageNotContaining("canary");
    assertThat(planes.line().path("operation").asText()).isEqualTo("unknown");
    assertThat(planes.line().path("outcome").asText()).isEqualTo("bad_request");
    assertThat(planes.lines).hasSize(1).noneMatch(line -> line.contains("canary"));
  }

  @Test
  void aDirectEventIsHeldTo128KiBAndAnHttpEventOfMoreIsAnsweredAsHttp() {
    String padding = "x".repeat(128 * 1024);
    assertThatThrownBy(
            () ->
                planes.direct(
                    planes.vault,
                    "{'action':'vault.list'," + keyField() + ",'p':'" + padding + "'}"))
        .isInstanceOf(PayloadTooLarge.class)
        .hasMessage("request must be at most 128 KiB");
    String fits = padding.substring(bytesAround());
    assertThat(planes.direct(planes.vault, padded(fits)).path("count").asInt()).isZero();
    assertThatThrownBy(() -> planes.direct(planes.vault, padded(fits + "x")))
        .isInstanceOf(PayloadTooLarge.class);

    ObjectNode large = Events.withBody(stored(), "{'p':'" + padding + "'}");
    assertThat(planes.body(413, http(large)).path("error").asText()).isEqualTo("payload_too_large");
  }

  private String padded(String padding) {
    return "{'action':'vault.list'," + keyField() + ",'p':'" + padding + "'}";
  }

  private int bytesAround() {
    return padded("").length();
  }

  @Test
  void anEventOfMoreThanLambdaHandsOverIsTooLarge() {
    byte[] event = new byte[8 * 1024 * 1024 + 1];

    assertThatThrownBy(() -> planes.invoke(planes.vault, event, planes.world.deadline()))
        .isInstanceOf(PayloadTooLarge.class);
  }

  @Test
  void aDefectIsA500ThatTellsNothingAndALineThatTellsWhere() {
    planes.world.table.fail(1, new IllegalStateException("canary"));
    ObjectNode body = planes.body(500, http(Events.http("GET", "/v0/vault", key)));

    assertThat(body.path("error").asText()).isEqualTo("internal");
    assertThat(body.path("message").asText())
        .isEqualTo("the vault failed; its operator can find out why by the request id");
    assertThat(planes.line().path("defect").asText()).isEqualTo("java.lang.IllegalStateException");
    assertThat(planes.line().path("at")).hasSize(8);
    assertThat(planes.line().path("at").path(0).asText()).contains("EndpointTest");
    assertThat(planes.line().path("outcome").asText()).isEqualTo("internal");
    assertThat(planes.lines).noneMatch(line -> line.contains("canary"));
  }

  @Test
  void aDefectOfADirectInvocationIsInternal() {
    planes.world.table.fail(1, new IllegalStateException("canary"));

    assertThatThrownBy(
            () -> planes.direct(planes.vault, "{'action':'vault.list'," + keyField() + "}"))
        .isInstanceOf(Internal.class)
        .hasMessageNotContaining("canary")
        .hasNoCause();
  }

  @Test
  void everyInvocationIsOneLineWhateverBecomesOfIt() {
    http(Events.http("GET", "/v0/vault", key));
    http(Events.http("GET", "/v0/vault"));
    http(Events.http("GET", "/nowhere"));

    assertThat(planes.lines).hasSize(3);
    assertThat(planes.lines.stream().map(line -> Events.parse(line.getBytes(UTF_8))))
        .extracting(line -> List.of(line.path("operation").asText(), line.path("outcome").asText()))
        .containsExactly(
            List.of("vault.list", "ok"),
            List.of("vault.list", "unauthorized"),
            List.of("unknown", "not_found"));
  }

  private ObjectNode http(ObjectNode event) {
    return planes.invoke(planes.vault, event);
  }

  private String keyField() {
    return "'key':'" + Bodies.text(key) + "'";
  }
}
