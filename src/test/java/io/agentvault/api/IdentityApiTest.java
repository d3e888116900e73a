package io.agentvault.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.evidence.Checkpoints;
import io.agentvault.identity.AgentKey;
import io.agentvault.identity.Tenancy;
import io.agentvault.identity.table.InMemoryTable;
import io.agentvault.problem.BadRequest;
import io.agentvault.problem.NotFound;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityApiTest {
  private static final String IDENTITIES = "/v0/platform/identities";

  private final Planes planes = new Planes();

  @Test
  void aNewIdentitysKeyIsShownOnceAndOpensItsVault() {
    ObjectNode body =
        created("{'name':'bot','emailName':'x','purpose':'SELLER','scopes':['vault:read']}");
    String id = body.path("identityId").asText();
    String key = body.path("rawKey").asText();

    assertThat(body)
        .hasToString(
            "{\"identityId\":\""
                + id
                + "\",\"name\":\"bot\",\"type\":\"AGENT\",\"purpose\":\"BUYER\","
                + "\"scopes\":[\"vault:read\"],\"apiKeyPrefix\":\"avk_"
                + id
                + "\",\"createdAt\":\"2026-11-01T12:00:00.000Z\",\"emailAddress\":null,"
                + "\"rawKey\":\""
                + key
                + "\"}");
    planes.body(200, planes.invoke(planes.vault, Events.http("GET", "/v0/vault", key)));
    assertThat(ok("GET", "/" + id, ""))
        .hasToString(
            "{\"identityId\":\""
                + id
                + "\",\"name\":\"bot\",\"type\":\"AGENT\",\"purpose\":\"BUYER\",\"email\":null,"
                + "\"scopes\":[\"vault:read\"],\"apiKeyPrefix\":\"avk_"
                + id
                + "\",\"lastUsedAt\":null,\"usageCount\":0,"
                + "\"createdAt\":\"2026-11-01T12:00:00.000Z\",\"depositors\":[]}");
    assertThat(planes.world.table.items().toString()).doesNotContain(key);
  }

  @Test
  void anIdentityNeedsNoNameAndHasAllScopesUnlessToldOtherwise() {
    ObjectNode body = created("");

    assertThat(body.path("name").asText())
        .isEqualTo("agent-" + body.path("identityId").asText().substring(0, 8));
    assertThat(body.path("scopes").toString())
        .isEqualTo("[\"vault:read\",\"vault:write\",\"vault:totp\",\"vault:use\"]");
    assertThat(created("{'scopes':[]}").path("scopes")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'name':''}            | name must be 1 to 128 characters, none of them a control"
            + " character",
        "{'name':'  '}          | name must be 1 to 128 characters, none of them a control"
            + " character",
        "{'name':'a\\u0000b'}   | name must be 1 to 128 characters, none of them a control"
            + " character",
        "{'name':7}             | name must be a string",
        "{'scopes':'vault:read'}| scopes must be an array of at most 64 strings",
        "{'scopes':[1]}         | scopes must be an array of at most 64 strings",
        "{'depositors':'alice'} | depositors must be an array of at most 64 strings",
        "{'depositors':['']}    | depositors must be subjects of 1 to 255 printable ASCII characters",
      })
  void aNewIdentityThatBreaksARuleIsToldWhich(String body, String message) {
    assertThat(planes.body(400, call("POST", "", body)).path("message").asText())
        .isEqualTo(message);
    assertThat(planes.world.table.items()).isEmpty();
  }

  @Test
  void depositorsAreSetReplacedAndTakenAway() {
    String id = created("{'depositors':['alice','auth0|b','alice']}").path("identityId").asText();
    assertThat(ok("GET", "/" + id, "").path("depositors").toString())
        .isEqualTo("[\"alice\",\"auth0|b\"]");
    ok("PATCH", "/" + id, "{'name':'other'}");
    assertThat(ok("GET", "/" + id, "").path("depositors")).hasSize(2);
    ok("PATCH", "/" + id, "{'depositors':['carol']}");
    assertThat(ok("GET", "/" + id, "").path("depositors").toString()).isEqualTo("[\"carol\"]");
    ok("PATCH", "/" + id, "{'depositors':null}");
    assertThat(ok("GET", "/" + id, "").path("depositors")).isEmpty();
  }

  @Test
  void aNameHasUpTo128CharactersOfAnyScript() {
    assertThat(created("{'name':'" + "🔑".repeat(128) + "'}").path("name").asText()).hasSize(256);
    planes.body(400, call("POST", "", "{'name':'" + "x".repeat(129) + "'}"));
  }

  @Test
  void aListingGoesOnByItsToken() {
    for (String name : List.of("a", "b", "c")) {
      created("{'name':'" + name + "'}");
      planes.world.clock.advance(Duration.ofSeconds(1));
    }
    ObjectNode first = list("limit", "2");
    assertThat(first.path("count").asInt()).isEqualTo(2);
    assertThat(first.path("identities").path(1).path("name").asText()).isEqualTo("b");

    ObjectNode rest = list("pageToken", first.path("nextPageToken").asText());
    assertThat(rest.path("count").asInt()).isEqualTo(1);
    assertThat(rest.path("identities").path(0).path("name").asText()).isEqualTo("c");
    assertThat(rest.has("nextPageToken")).isFalse();
  }

  @Test
  void aListingHasNoNextPageWithNothingOnIt() {
    created("{'scopes':['vault:read','mail:read']}");
    created("");
    assertThat(list("limit", "2").has("nextPageToken")).isFalse();
    assertThat(list("limit", "1").has("nextPageToken")).isTrue();
  }

  @Test
  void theTokenMayStandAsideWhereTheWayInIsIamsAndNobodyIsToldHowToSignIn() {
    ObjectNode event = Events.http("GET", IDENTITIES);
    ObjectNode refused = planes.invoke(planes.identity, event);
    planes.body(401, refused);
    assertThat(refused.path("headers").path("www-authenticate").asText())
        .isEqualTo("Bearer realm=\"agent-vault\"");

    Events.withHeader(event, "Authorization", "AWS4-HMAC-SHA256 Credential=x");
    planes.body(401, planes.invoke(planes.identity, event));
    Events.withHeader(event, "X-Operator-Token", planes.issuer.valid());
    planes.body(200, planes.invoke(planes.identity, event));
    Events.withHeader(event, "X-Operator-Token", planes.issuer.valid() + "x");
    planes.body(401, planes.invoke(planes.identity, event));
  }

  private ObjectNode list(String parameter, String value) {
    ObjectNode event = Events.http("GET", IDENTITIES, planes.issuer.valid());
    return planes.body(
        200, planes.invoke(planes.identity, Events.withQuery(event, parameter, value)));
  }

  @Test
  void anUpdateChangesWhatItMentions() {
    String id = created("{'name':'bot'}").path("identityId").asText();

    assertThat(ok("PATCH", "/" + id, "{'removeScopes':['vault:write']}"))
        .hasToString(
            "{\"identityId\":\""
                + id
                + "\",\"name\":\"bot\",\"scopes\":[\"vault:read\",\"vault:totp\",\"vault:use\"]}");
    assertThat(ok("PATCH", "/" + id, "{'name':null,'addScopes':['vault:write']}"))
        .hasToString(
            "{\"identityId\":\""
                + id
                + "\",\"name\":\"agent-"
                + id.substring(0, 8)
                + "\",\"scopes\":[\"vault:read\",\"vault:write\",\"vault:totp\",\"vault:use\"]}");
    assertThat(ok("PATCH", "/" + id, "{'name':'new'}").path("name").asText()).isEqualTo("new");
    planes.body(400, call("PATCH", "/" + id, ""));
    assertThat(ok("PATCH", "/" + id, "{'addScopes':['x'],'removeScopes':['y']}").path("scopes"))
        .hasSameSizeAs(ok("GET", "/" + id, "").path("scopes"));
  }

  @Test
  void aRotationShowsTheNewKeyAndUntilWhenTheOldOneWorks() {
    ObjectNode created = created("");
    String id = created.path("identityId").asText();
    String old = created.path("rawKey").asText();
    ObjectNode graced = ok("POST", "/" + id + "/rotate-key", "{'graceSeconds':60}");

    assertThat(graced.path("previousKeyValidUntil").asText()).isEqualTo("2026-11-01T12:01:00.000Z");
    assertThat(graced.path("identityId").asText()).isEqualTo(id);
    assertThat(graced.path("apiKeyPrefix").asText()).isEqualTo("avk_" + id);
    assertThat(AgentKey.parse(graced.path("rawKey").asText()).claimedId()).hasToString(id);
    planes.body(200, planes.invoke(planes.vault, Events.http("GET", "/v0/vault", old)));

    ObjectNode atOnce = ok("POST", "/" + id + "/rotate-key", "");
    assertThat(atOnce.path("previousKeyValidUntil").isNull()).isTrue();
    planes.body(401, planes.invoke(planes.vault, Events.http("GET", "/v0/vault", old)));
    planes.body(400, call("POST", "/" + id + "/rotate-key", "{'graceSeconds':86401}"));
    planes.body(200, call("POST", "/" + id + "/rotate-key", "{'graceSeconds':86400}"));
  }

  @Test
  void aRevocationAnswersItsReceiptAndSoDoesARepetition() {
    String id = created("").path("identityId").asText();
    String receipt =
        "{\"identityId\":\""
            + id
            + "\",\"revokedAt\":\"2026-11-01T12:00:00.000Z\",\"keyDestroyed\":true,"
            + "\"credentialsDestroyed\":0,\"complete\":true,"
            + "\"recoverableUntil\":\"2026-12-06T12:00:00.000Z\","
            + "\"accessTokensValidUntil\":null,\"signed\":null}";

    assertThat(ok("DELETE", "/" + id, "")).hasToString(receipt);
    planes.world.clock.advance(Duration.ofHours(1));
    assertThat(ok("DELETE", "/" + id, "")).hasToString(receipt);
    planes.body(404, call("GET", "/" + id, ""));
  }

  @Test
  void aSweepThatFailedIsAReceiptWithoutACount() {
    String id = created("").path("identityId").asText();
    planes.world.table.reset();
    planes.world.table.fail(2, io.agentvault.identity.table.Faults.outage());
    ObjectNode receipt = ok("DELETE", "/" + id, "");

    assertThat(receipt.path("complete").asBoolean()).isFalse();
    assertThat(receipt.path("keyDestroyed").asBoolean()).isTrue();
    assertThat(receipt.path("credentialsDestroyed").isNull()).isTrue();
  }

  @Test
  void anIdThatIsNoneIsNotFound() {
    for (String path : List.of("/avk_x", "/x", "/" + "0".repeat(26))) {
      planes.body(404, call("GET", path, ""));
      planes.body(404, call("DELETE", path, ""));
      planes.body(404, call("PATCH", path, "{}"));
      planes.body(404, call("POST", path + "/rotate-key", ""));
    }
    assertThatThrownBy(() -> planes.direct(planes.identity, "{'action':'identity.get'}"))
        .isInstanceOf(BadRequest.class)
        .hasMessage("identityId must be given");
  }

  @Test
  void overHttpOnlyAnOperatorsTokenCounts() {
    String id = created("").path("identityId").asText();
    String agentKey = created("").path("rawKey").asText();
    ObjectNode none = Events.http("DELETE", IDENTITIES + "/" + id);
    none.put("tenant", "acme").put("action", "identity.revoke");
    none.withObject("requestContext").putObject("authorizer").put("tenant", "acme");
    planes.body(401, planes.invoke(planes.identity, none));
    planes.body(
        401,
        planes.invoke(planes.identity, Events.http("DELETE", IDENTITIES + "/" + id, agentKey)));
    String stranger = planes.issuer.with(claims -> claims.setStringClaim("tenant", "globex"));
    planes.body(
        404,
        planes.invoke(planes.identity, Events.http("DELETE", IDENTITIES + "/" + id, stranger)));
    String nobody = planes.issuer.with(claims -> claims.unsetClaim("groups"));
    planes.body(
        403, planes.invoke(planes.identity, Events.http("DELETE", IDENTITIES + "/" + id, nobody)));

    assertThat(ok("GET", "/" + id, "").path("identityId").asText()).isEqualTo(id);
  }

  @Test
  void everyCallWorksDirectlyForTheTenantItNames() {
    ObjectNode created =
        planes.direct(planes.identity, "{'action':'identity.create','tenant':'acme','name':'n'}");
    String id = created.path("identityId").asText();
    String target = "'tenant':'acme','identityId':'" + id + "'}";

    assertThat(created.has("rawKey")).isTrue();
    assertThat(direct("{'action':'identity.get'," + target).path("name").asText()).isEqualTo("n");
    assertThat(direct("{'action':'identity.update','name':'m'," + target).path("name").asText())
        .isEqualTo("m");
    assertThat(direct("{'action':'identity.rotateKey'," + target).has("rawKey")).isTrue();
    assertThat(direct("{'action':'identity.list','tenant':'acme'}").path("count").asInt())
        .isEqualTo(1);
    assertThat(direct("{'action':'identity.list'}").path("count").asInt())
        .as("the default tenant")
        .isZero();
    assertThatThrownBy(() -> direct("{'action':'identity.revoke','identityId':'" + id + "'}"))
        .isInstanceOf(NotFound.class);
    assertThat(direct("{'action':'identity.revoke'," + target).path("complete").asBoolean())
        .isTrue();
    assertThatThrownBy(() -> direct("{'action':'identity.list','tenant':'a/b'}"))
        .isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> direct("{'action':'identity.list','tenant':7}"))
        .isInstanceOf(BadRequest.class);
  }

  @Test
  void whereSeveralShareADeploymentADirectCallNamesItsTenant() {
    Endpoint shared =
        new Endpoint(
            new IdentityApi(
                Optional::empty,
                planes.world.identities,
                planes.world.revocation,
                planes.world.operatorDeposits,
                new Links(Optional.empty()),
                Tenancy.MULTIPLE,
                planes.world.evidence,
                Checkpoints.onDynamoDb(
                    planes.world.table, planes.world.backoff, InMemoryTable.LOG, Json.MAPPER),
                List.of()),
            planes.log);

    assertThatThrownBy(() -> planes.direct(shared, "{'action':'identity.list'}"))
        .isInstanceOf(BadRequest.class)
        .hasMessage("tenant must be given: several share this vault");
    assertThat(
            planes
                .direct(shared, "{'action':'identity.list','tenant':'acme'}")
                .path("count")
                .asInt())
        .isZero();
  }

  private ObjectNode direct(String event) {
    return planes.direct(planes.identity, event);
  }

  private ObjectNode created(String body) {
    return planes.body(201, call("POST", "", body));
  }

  private ObjectNode ok(String method, String path, String body) {
    return planes.body(200, call(method, path, body));
  }

  private ObjectNode call(String method, String path, String body) {
    ObjectNode event = Events.http(method, IDENTITIES + path, planes.issuer.valid());
    return planes.invoke(planes.identity, body.isEmpty() ? event : Events.withBody(event, body));
  }

  @Test
  void checkpointsAreShownToTheTenantTheyBelongToAsTheyStand() {
    String id = planes.world.agent().claimedId().text();
    planes.world.table.plant(
        java.util.Map.of(
            "pk", io.agentvault.remote.Attributes.text("PROOF#" + id),
            "sk", io.agentvault.remote.Attributes.text("000000000001")));
    String event = "{'action':'identity.checkpoints','tenant':'acme','identityId':'" + id + "'}";

    assertThat(direct(event).toString())
        .isEqualTo(
            "{\"checkpoints\":[{\"records\":[],\"head\":null,\"path\":null,\"root\":null,"
                + "\"signed\":null}],\"count\":1}");
    assertThatThrownBy(() -> direct(event.replace("acme", "other"))).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> direct(event.replace("}", ",'pageToken':'x'}")))
        .isInstanceOf(BadRequest.class);
    planes.direct(planes.identity, event.replace("checkpoints", "revoke"));
    assertThat(direct(event).path("count").asInt()).as("though it is gone").isEqualTo(1);
  }
}
