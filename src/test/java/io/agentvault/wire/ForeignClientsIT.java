package io.agentvault.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.firstuse.Client;
import io.agentvault.local.LocalCloud;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What clients of the same API do that no one here wrote: they ask for scopes of other services,
 * write dates in several ways, walk pages to the end, parse every body and read every field.
 */
class ForeignClientsIT {
  private static final LocalCloud CLOUD = LocalCloud.shared();
  private static final String IDENTITIES = "/v0/platform/identities";

  private final Client operator = Client.operator(CLOUD, "t" + UUID.randomUUID());
  private final Client agent = Client.newAgent(CLOUD);

  private static JsonNode json(String text) {
    return Call.json(text);
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private JsonNode create(String body) {
    Client.Response created = operator.send("POST", IDENTITIES, json(body).toString());
    assertThat(created.status()).isEqualTo(201);
    return created.body();
  }

  @Test
  void scopesOfOtherServicesAreNotGrantedAndFailNothing() {
    JsonNode made =
        create(
            "{'emailName':'ada','purpose':'BUYER','scopes':['mail:read','mail:send','logs:read',"
                + "'calendar:*','vault:read','vault:totp']}");

    assertThat(made.path("scopes").valueStream().map(JsonNode::asText))
        .containsExactlyInAnyOrder("vault:read", "vault:totp");
    Client itself = Client.of(CLOUD, made.path("rawKey").asText());
    assertThat(itself.get("/v0/whoami").body().path("scopes")).isEqualTo(made.path("scopes"));
  }

  @Test
  void anIdentityWithoutANameHasOneAndEveryFieldIsThereNullOrNot() {
    JsonNode made = create("{'name':null}");
    assertThat(made.path("name").asText()).isNotBlank();
    assertThat(names(made))
        .contains("identityId", "type", "purpose", "emailAddress", "apiKeyPrefix", "createdAt");

    JsonNode self = Client.of(CLOUD, made.path("rawKey").asText()).get("/v0/whoami").body();
    assertThat(self.path("displayName").asText()).isNotBlank();
    assertThat(names(self))
        .contains("identityId", "name", "email", "type", "purpose", "scopes", "lastUsedAt");
    JsonNode shown = operator.get(IDENTITIES + "/" + made.path("identityId").asText()).body();
    assertThat(names(shown)).contains("email", "lastUsedAt", "usageCount", "depositors");
  }

  @Test
  void aRotationNamesTheIdentityAndThePrefix() {
    String id = create("{}").path("identityId").asText();
    JsonNode rotated = operator.send("POST", IDENTITIES + "/" + id + "/rotate-key", "{}").body();

    assertThat(rotated.path("identityId").asText()).isEqualTo(id);
    assertThat(rotated.path("rawKey").asText()).startsWith(rotated.path("apiKeyPrefix").asText());
    assertThat(rotated.path("previousKeyValidUntil").isNull()).isTrue();
  }

  @Test
  void whoeverFollowsPageTokensNeverGetsAnEmptyPage() {
    for (int i = 0; i < 3; i++) {
      create("{}");
    }
    for (int limit = 1; limit <= 4; limit++) {
      List<Integer> sizes = new ArrayList<>();
      String path = IDENTITIES + "?limit=" + limit;
      JsonNode page = operator.get(path).body();
      sizes.add(page.path("identities").size());
      while (page.hasNonNull("nextPageToken")) {
        page = operator.get(path + "&pageToken=" + page.path("nextPageToken").asText()).body();
        sizes.add(page.path("identities").size());
      }
      assertThat(sizes).as("pages of %d", limit).doesNotContain(0);
      assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2099-01-02, 2099-01-02T23:59:59.999Z",
    "2099-01-02T03:04:05, 2099-01-02T03:04:05.000Z",
    "2099-01-02T03:04:05.678, 2099-01-02T03:04:05.678Z",
    "2099-01-02T03:04:05+02:00, 2099-01-02T01:04:05.000Z"
  })
  void anExpiryIsTakenAsAFullTimestampAZonelessOneAndABareDate(String sent, String kept) {
    ObjectNode body = Client.apiKey("value").put("expiresAt", sent);

    assertThat(agent.put("dated", body).body().path("expiresAt").asText()).isEqualTo(kept);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LOGIN | {'password':'p'} | {'username':'ada','uri':'https://example.com'}",
        "DATABASE | {'password':'p'} | {'engine':'postgres','host':'h','username':'u'}",
        "SMTP | {'password':'p'} | {'host':'h','username':'u','port':25}",
        "AWS | {'secretAccessKey':'p'} | {'accessKeyId':'AKIA','region':'eu-west-1'}",
        "CERTIFICATE | {'privateKey':'p'} | {'certificate':'c'}"
      })
  void aRequiredFieldMayStandInMetadataAndStaysWhereItWasPut(
      String type, String data, String metadata) {
    ObjectNode body = (ObjectNode) json("{'type':'" + type + "'}");
    body.set("data", json(data));
    body.set("metadata", json(metadata));
    assertThat(agent.put("vendor", body).status()).isEqualTo(200);

    JsonNode got = agent.get("/v0/vault/vendor").body();
    assertThat(got.path("data")).isEqualTo(json(data));
    assertThat(got.path("metadata")).isEqualTo(json(metadata));
  }

  @Test
  void aStrayQueryOnAStoreIsNotAnotherLabel() {
    agent.put("db", Client.apiKey("kept"));
    for (String path : List.of("/v0/vault/db?old", "/v0/vault/db?old=1", "/v0/vault/db%3Fold")) {
      Client.Response stored = agent.send("PUT", path, Client.apiKey("lost").toString());
      assertThat(stored.status()).as(path).isEqualTo(400);
      assertThat(agent.delete(path).status()).as(path).isEqualTo(400);
    }
    JsonNode listed = agent.get("/v0/vault").body();
    assertThat(listed.path("count").asInt()).isEqualTo(1);
    assertThat(agent.get("/v0/vault/db").body().at("/data/key").asText()).isEqualTo("kept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v0/mail/messages", "/v0", "/", "/v0/vaults", "/v1/vault", "/v0/logs/x"})
  void anUnknownRouteHasTheShapeOfEveryError(String path) {
    for (String method : List.of("GET", "POST", "DELETE", "PATCH")) {
      Client.Response answer = agent.send(method, path, "");

      assertThat(answer.status()).as("%s %s", method, path).isEqualTo(404);
      assertThat(names(answer.body())).containsExactly("error", "message", "requestId", "status");
      assertThat(answer.body().path("error").asText()).isEqualTo("not_found");
      assertThat(answer.body().path("status").asInt()).isEqualTo(404);
    }
  }

  @Test
  void everyBodyIsAJsonObjectDeletionsIncluded() {
    agent.put("gone", Client.apiKey("value"));

    assertThat(agent.delete("/v0/vault/gone").body())
        .isEqualTo(json("{'name':'gone','deleted':true}"));
  }

  @Test
  void whoIsRefusedIsToldHowToAuthenticate() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(CLOUD.url() + "/v0/vault")).build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(401);
      // API Gateway renames it, and so does the local one
      assertThat(
              answer
                  .headers()
                  .firstValue("www-authenticate")
                  .or(() -> answer.headers().firstValue("x-amzn-remapped-www-authenticate")))
          .contains("Bearer realm=\"agent-vault\"");
    }
  }

  @Test
  void logsAndStatisticsHaveTheFieldsThatClientsRead() {
    agent.put("noted", Client.apiKey("value"));
    JsonNode logs = agent.get("/v0/logs?limit=1").body();

    assertThat(names(logs)).contains("logs", "count");
    assertThat(names(logs.at("/logs/0")))
        .containsExactlyInAnyOrder(
            "id",
            "action",
            "category",
            "severity",
            "status",
            "description",
            "targetType",
            "targetId",
            "metadata",
            "durationMs",
            "createdAt");
    assertThat(names(agent.get("/v0/logs/stats").body()))
        .containsExactly("byCategory", "errors", "today", "total");
  }
}
