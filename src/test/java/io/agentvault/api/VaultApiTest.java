package io.agentvault.api;

import static io.agentvault.vault.Contents.SEED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.identity.AgentKey;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.Conflict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultApiTest {
  private final Planes planes = new Planes();
  private final AgentKey key = planes.world.agent();

  @Test
  void whoamiAnswersTheContractsFields() {
    String expected =
        "{\"identityId\":\""
            + key.claimedId()
            + "\",\"name\":\"an agent\",\"type\":\"AGENT\",\"purpose\":\"BUYER\",\"email\":null,"
            + "\"scopes\":[\"vault:read\",\"vault:write\",\"vault:totp\",\"vault:use\"],\"lastUsedAt\":null,\"createdAt\":\"2026-11-01T12:00:00.000Z\",\"displayName\":\"an"
            + " agent\",\"tokenId\":null,\"labels\":null,\"expiresAt\":null}";

    assertThat(get("/v0/whoami")).hasToString(expected);
    assertThat(direct("'action':'vault.whoami'")).hasToString(expected);
  }

  @Test
  void aTokenIsAnsweredOnceAndWhoamiAndTheLogTellItsLimits() {
    ObjectNode made =
        direct(
            "'action':'vault.createToken','labels':['aws-*','x'],'scopes':['vault:use',"
                + "'mail:read'],'expiresIn':600");
    String token = made.path("token").asText();
    assertThat(token).startsWith("avt_" + key.claimedId() + "_").hasSizeLessThan(300);
    assertThat(made.path("expiresAt").asText()).isEqualTo("2026-11-01T12:10:00.000Z");

    ObjectNode who =
        planes.body(200, planes.invoke(planes.vault, Events.http("GET", "/v0/whoami", token)));
    assertThat(planes.line().path("agent").asText()).isEqualTo(key.claimedId().text());
    for (ObjectNode each : List.of(made, who)) {
      assertThat(each.path("labels").toString()).isEqualTo("[\"aws-*\",\"x\"]");
      assertThat(each.path("scopes").toString()).isEqualTo("[\"vault:use\"]");
      assertThat(each.path("tokenId").asText()).isEqualTo(planes.line().path("token").asText());
      assertThat(each.path("expiresAt")).isEqualTo(made.path("expiresAt"));
    }
    assertThat(planes.lines).noneMatch(line -> line.contains(token.substring(31)));
  }

  @Test
  void storeAnswersMetadataAndGetAddsTheData() {
    planes.world.clock.advance(Duration.ofMillis(7));
    ObjectNode stored =
        put("bank", "{'type':'CUSTOM','data':{'k':1.0},'metadata':{'m':null},'unknown':1}");
    String id = stored.path("credentialId").asText();
    String metadata =
        "{\"credentialId\":\""
            + id
            + "\",\"type\":\"CUSTOM\",\"name\":\"bank\",\"metadata\":{\"m\":null},"
            + "\"hasTotp\":false,\"expiresAt\":null,\"lastUsedAt\":null,"
            + "\"usageCount\":0,\"lastRotatedAt\":null,"
            + "\"createdAt\":\"2026-11-01T12:00:00.007Z\","
            + "\"updatedAt\":\"2026-11-01T12:00:00.007Z\",\"revision\":1,\"use\":null";

    assertThat(stored).hasToString(metadata + "}");
    assertThat(get("/v0/vault/bank")).hasToString(metadata + ",\"data\":{\"k\":1.0}}");
    assertThat(get("/v0/vault")).hasToString("{\"credentials\":[" + metadata + "}],\"count\":1}");
    assertThat(direct("'action':'vault.get','label':'bank'"))
        .hasToString(metadata + ",\"data\":{\"k\":1.0}}");
  }

  @Test
  void everyCallWorksDirectly() {
    ObjectNode stored =
        direct(
            "'action':'vault.store','label':'bank','type':'CUSTOM',"
                + "'data':{'totp':'"
                + SEED
                + "','backupCodes':['b']},"
                + "'expiresAt':'2030-01-01T00:00:00Z'");
    assertThat(stored.path("expiresAt").asText()).isEqualTo("2030-01-01T00:00:00.000Z");
    assertThat(stored.path("hasTotp").asBoolean()).isTrue();
    assertThat(stored.path("metadata").isNull()).isTrue();
    assertThat(direct("'action':'vault.list','limit':1").path("count").asInt()).isEqualTo(1);
    assertThat(direct("'action':'vault.totp','label':'bank','unique':true").path("code").asText())
        .hasSize(6);
    assertThat(direct("'action':'vault.useBackupCode','label':'bank'"))
        .hasToString("{\"code\":\"b\",\"remaining\":0}");
    assertThat(direct("'action':'vault.delete','label':'bank'"))
        .hasToString("{\"name\":\"bank\",\"deleted\":true}");
  }

  @Test
  void aCodeAnswersTheContractsFields() {
    put("bank", "{'type':'TOTP','data':{'secret':'" + SEED + "','backupCodes':['a']}}");
    planes.world.clock.advance(Duration.ofSeconds(-1_793_534_400 + 59));
    ObjectNode body = get("/v0/vault/bank/totp");

    assertThat(body)
        .hasToString(
            "{\"code\":\"287082\",\"remaining\":1,\"backupCodesRemaining\":1,\"period\":30,"
                + "\"digits\":6,\"algorithm\":\"SHA1\","
                + "\"generatedAt\":\"1970-01-01T00:00:59.000Z\","
                + "\"expiresAt\":\"1970-01-01T00:01:00.000Z\",\"validFrom\":null}");
  }

  @Test
  void aCountersCodeHasNoPeriod() {
    put(
        "bank",
        "{'type':'TOTP','data':{'otpauth':'otpauth://hotp/x?secret=" + SEED + "&counter=1'}}");

    ObjectNode refused =
        planes.body(
            400, planes.invoke(planes.vault, Events.http("GET", "/v0/vault/bank/totp", key)));
    assertThat(refused.path("message").asText()).contains("POST");
    assertThat(ok(Events.http("POST", "/v0/vault/bank/totp", key)))
        .hasToString(
            "{\"code\":\"287082\",\"remaining\":null,\"backupCodesRemaining\":0,\"period\":null,"
                + "\"digits\":6,\"algorithm\":\"SHA1\","
                + "\"generatedAt\":\"2026-11-01T12:00:00.000Z\",\"expiresAt\":null,\"validFrom\":null}");
  }

  @Test
  void minRemainingAndUniqueAreParameters() {
    put("bank", "{'type':'TOTP','data':{'secret':'" + SEED + "'}}");
    planes.world.clock.advance(Duration.ofSeconds(25));
    ObjectNode event = Events.http("GET", "/v0/vault/bank/totp", key);
    Events.withQuery(event, "minRemaining", "15");
    Events.withQuery(event, "unique", "true");

    assertThat(ok(event).path("validFrom").asText()).isEqualTo("2026-11-01T12:00:30.000Z");
    assertThat(planes.body(409, planes.invoke(planes.vault, event)).path("message").asText())
        .endsWith("in 35 seconds");
    Events.withQuery(event, "unique", "false");
    Events.withQuery(event, "wait", "true");
    assertThat(ok(event).path("remaining").asInt()).isEqualTo(30);
    Events.withQuery(event, "minRemaining", "16");
    assertThat(planes.body(400, planes.invoke(planes.vault, event)).path("message").asText())
        .isEqualTo("minRemaining must be a whole number from 0 to 15");
  }

  @Test
  void theEtagOfAnAnswerIsThePreconditionOfTheNextCall() {
    ObjectNode event = store("{'type':'CUSTOM','data':{}}");
    Events.withHeader(event, "If-None-Match", "*");
    String first = etag(event).orElseThrow();
    assertThat(first).matches("\"[0-9a-f-]{36}\\.1\"");
    planes.body(409, planes.invoke(planes.vault, event));

    ObjectNode next = Events.withHeader(store("{'type':'CUSTOM','data':{}}"), "if-match", first);
    String second = first.replace(".1", ".2");
    assertThat(etag(next)).contains(second);
    planes.body(409, planes.invoke(planes.vault, next));
    assertThat(etag(Events.http("GET", "/v0/vault/bank", key))).contains(second);

    ObjectNode delete = Events.http("DELETE", "/v0/vault/bank", key);
    planes.body(400, planes.invoke(planes.vault, Events.withHeader(delete, "If-Match", "\"2\"")));
    planes.body(409, planes.invoke(planes.vault, Events.withHeader(delete, "If-Match", first)));
    assertThat(ok(Events.withHeader(delete, "If-Match", second)))
        .hasToString("{\"name\":\"bank\",\"deleted\":true}");
  }

  @Test
  void preconditionsAreFieldsOfADirectInvocation() {
    String store = "'action':'vault.store','label':'bank','type':'CUSTOM','data':{}";
    String id = direct(store + ",'ifNoneMatch':'*'").path("credentialId").asText();

    assertThatThrownBy(() -> direct(store + ",'ifNoneMatch':'*'")).isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> direct(store + ",'ifMatch':'*','ifNoneMatch':'*'"))
        .isInstanceOf(BadRequest.class);
    assertThat(direct(store + ",'ifMatch':'\\\"" + id + ".1\\\"'").path("revision").asInt())
        .isEqualTo(2);
  }

  @Test
  void aListingGoesOnByItsToken() {
    for (String label : List.of("a", "b", "c")) {
      put(label, "{'type':'CUSTOM','data':{}}");
    }
    ObjectNode event = Events.withQuery(Events.http("GET", "/v0/vault", key), "limit", "2");
    ObjectNode first = ok(event);
    assertThat(first.path("count").asInt()).isEqualTo(2);

    ObjectNode rest =
        ok(Events.withQuery(event, "pageToken", first.path("nextPageToken").asText()));
    assertThat(rest.path("credentials").path(0).path("name").asText()).isEqualTo("c");
    assertThat(rest.has("nextPageToken")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                        | type must be given",
        "{'type':7}                                | type must be a string",
        "{'type':'canary'}                         | type must be one of [LOGIN, API_KEY, OAUTH,"
            + " TOTP, SSH_KEY, DATABASE, SMTP, AWS, CERTIFICATE, CARD, SHIPPING_ADDRESS, CUSTOM]",
        "{'type':'CUSTOM'}                         | data must be given",
        "{'type':'CUSTOM','data':null}             | data must be given",
        "{'type':'CUSTOM','data':'canary'}         | data must be a JSON object",
        "{'type':'CUSTOM','data':{},'metadata':[]} | metadata must be a JSON object",
        "{'type':'CUSTOM','data':{},'expiresAt':1} | expiresAt must be a string",
        "{'type':'CUSTOM','data':{},'expiresAt':'2001-01-01T00:00:00Z'} | expiresAt must be in the"
            + " future",
      })
  void aStoreThatBreaksARuleIsToldWhich(String body, String message) {
    ObjectNode answer = planes.body(400, planes.invoke(planes.vault, store(body)));

    assertThat(answer.path("message").asText()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource({"a%2Fb", "a#b", "'a\\b'", "é", "a?b"})
  void aLabelThatIsNoneIsABadRequest(String label) {
    planes.body(400, planes.invoke(planes.vault, Events.http("GET", "/v0/vault/" + label, key)));
  }

  @Test
  void anEmptyOrAbsentLabelIsABadRequest() {
    planes.body(400, planes.invoke(planes.vault, Events.http("GET", "/v0/vault/", key)));
    assertThatThrownBy(() -> direct("'action':'vault.get'"))
        .isInstanceOf(BadRequest.class)
        .hasMessage("label must be given");
  }

  @Test
  void everyCallWithoutAKeyIsTheSame401() {
    for (Route route : Route.values()) {
      if (route.plane() == Route.Plane.VAULT) {
        ObjectNode event = Events.http(route.method(), route.path().replace("{label}", "bank"));
        assertThat(planes.body(401, planes.invoke(planes.vault, event)))
            .hasToString(
                "{\"error\":\"unauthorized\",\"message\":\"the credential is missing or not"
                    + " valid\",\"status\":401,\"requestId\":\"gateway-request-1\"}");
      }
    }
    assertThat(planes.world.table.operations()).isEmpty();
  }

  private ObjectNode store(String body) {
    return Events.withBody(Events.http("PUT", "/v0/vault/bank", key), body);
  }

  private ObjectNode put(String label, String body) {
    return ok(Events.withBody(Events.http("PUT", "/v0/vault/" + label, key), body));
  }

  private ObjectNode get(String path) {
    return ok(Events.http("GET", path, key));
  }

  private ObjectNode ok(ObjectNode event) {
    return planes.body(200, planes.invoke(planes.vault, event));
  }

  private Optional<String> etag(ObjectNode event) {
    ObjectNode response = planes.invoke(planes.vault, event);
    planes.body(200, response);
    return Optional.ofNullable(response.path("headers").path("etag").textValue());
  }

  private ObjectNode direct(String fields) {
    return planes.direct(planes.vault, "{" + fields + ",'key':'" + Bodies.text(key) + "'}");
  }
}
