package io.agentvault.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.faults.Call;
import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import io.agentvault.local.host.Json;
import io.agentvault.local.runtime.Invocation;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The packaged functions on the whole cloud: that its parts fit, not what the functions do. */
final class LocalCloudIT {
  private static final LocalCloud CLOUD = LocalCloud.shared();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @AfterEach
  void calm() {
    CLOUD.tap().clearFaults();
    CLOUD.tap().clear();
  }

  private static HttpResponse<String> call(
      LocalCloud cloud, String method, String path, String bearer, String body)
      throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(cloud.url() + path))
            .header("Authorization", "Bearer " + bearer)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String operator(LocalCloud cloud) {
    return cloud.operators().mint("acme", Duration.ofMinutes(10));
  }

  private static JsonObject identity(LocalCloud cloud) throws IOException, InterruptedException {
    HttpResponse<String> created =
        call(cloud, "POST", "/v0/platform/identities", operator(cloud), "{\"name\":\"harness\"}");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    return Json.read(created.body());
  }

  private static void store(LocalCloud cloud, String key) throws IOException, InterruptedException {
    HttpResponse<String> stored =
        call(
            cloud,
            "PUT",
            "/v0/vault/one",
            key,
            "{\"type\":\"API_KEY\",\"data\":{\"key\":\"value-1\"}}");
    assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
  }

  @Test
  void aCredentialGoesThroughGatewayFunctionsDatabaseAndKms()
      throws IOException, InterruptedException {
    String key = identity(CLOUD).getString("rawKey");
    store(CLOUD, key);
    HttpResponse<String> got = call(CLOUD, "GET", "/v0/vault/one", key, "");
    assertThat(Json.read(got.body()).getJsonObject("data").getString("key")).isEqualTo("value-1");
    assertThat(CLOUD.tap().callsOf("identity"))
        .extracting(Call::operation)
        .contains("GenerateDataKeyWithoutPlaintext");
    assertThat(CLOUD.tap().callsOf("vault"))
        .allSatisfy(
            call -> {
              assertThat(call.instance()).isPositive();
              assertThat(
                      call.service().equals("kms")
                          || call.tables().contains(CLOUD.tableName())
                          || call.tables().contains(CLOUD.tableName("LogTable")))
                  .isTrue();
            });
  }

  @Test
  void aRevokedIdentityReachesTheReaper() throws IOException, InterruptedException {
    JsonObject identity = identity(CLOUD);
    String id = identity.getString("identityId");
    call(CLOUD, "DELETE", "/v0/platform/identities/" + id, operator(CLOUD), "");
    CLOUD.stream().awaitDrained(Duration.ofSeconds(60));
    assertThat(CLOUD.stream().history())
        .anySatisfy(record -> assertThat(record.toString()).contains("AGENT#" + id));
    assertThat(CLOUD.stream().abandoned()).isEmpty();
    assertThat(CLOUD.tap().callsOf("reaper")).isNotEmpty();
  }

  @Test
  void theCallerOfAChosenCallCanBeKilled() throws IOException, InterruptedException {
    String key = identity(CLOUD).getString("rawKey");
    FaultRule rule =
        CLOUD
            .tap()
            .fault(
                Call.by("vault").and(Call.operation("Decrypt")), Fault.before(CLOUD::killCaller));
    HttpResponse<String> crashed =
        call(CLOUD, "PUT", "/v0/vault/one", key, "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"b\"}}");
    assertThat(rule.struck()).isEqualTo(1);
    assertThat(crashed.statusCode()).isEqualTo(500);
    assertThat(crashed.body()).isEqualTo("{\"message\":\"Internal Server Error\"}");
    store(CLOUD, key);
  }

  @Test
  void directInvocationReachesTheFunctionWithoutTheGateway() {
    Invocation invocation =
        CLOUD.invoke("identity", Json.object().add("action", "nothing.known").build());
    assertThat(invocation.failure().errorType()).isNotEmpty();
  }

  @Test
  void theInvokeApiAnswersAsLambdaDoes() throws IOException, InterruptedException {
    HttpResponse<String> response =
        CLIENT.send(
            HttpRequest.newBuilder(
                    URI.create(CLOUD.invokeUrl() + "/2015-03-31/functions/vault/invocations"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"action\":\"nothing.known\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("x-amz-function-error")).contains("Unhandled");
    assertThat(Json.read(response.body()).getString("errorType")).isNotEmpty();
  }

  @Test
  void dataOutliveTheirCloudAndAnotherCloudDoesNotSeeThem(@TempDir Path data)
      throws IOException, InterruptedException {
    String key;
    try (LocalCloud first = LocalCloud.options().data(data).start()) {
      key = identity(first).getString("rawKey");
      store(first, key);
    }
    try (LocalCloud second = LocalCloud.options().data(data).withoutTap().start()) {
      HttpResponse<String> got = call(second, "GET", "/v0/vault/one", key, "");
      assertThat(got.statusCode()).as(got.body()).isEqualTo(200);
    }
    assertThat(call(CLOUD, "GET", "/v0/vault/one", key, "").statusCode()).isEqualTo(401);
  }

  @Test
  void theTableIsTheTemplates() {
    CLOUD
        .dynamo()
        .putItem(
            put ->
                put.tableName(CLOUD.tableName())
                    .item(
                        java.util.Map.of(
                            "pk", AttributeValue.fromS("HARNESS"),
                            "sk", AttributeValue.fromS("x"),
                            "tenant", AttributeValue.fromS("harness"),
                            "createdAt", AttributeValue.fromS("1"))));
    assertThat(
            CLOUD
                .dynamo()
                .query(
                    query ->
                        query
                            .tableName(CLOUD.tableName())
                            .indexName("tenant")
                            .keyConditionExpression("tenant = :t")
                            .expressionAttributeValues(
                                java.util.Map.of(":t", AttributeValue.fromS("harness"))))
                .count())
        .isEqualTo(1);
    assertThat(
            CLOUD
                .dynamo()
                .describeTimeToLive(ttl -> ttl.tableName(CLOUD.tableName()))
                .timeToLiveDescription()
                .attributeName())
        .isEqualTo("ttl");
    assertThat(CLOUD.functions())
        .extracting(f -> f.spec().name())
        .containsExactlyInAnyOrderElementsOf(
            List.of("vault", "broker", "identity", "reaper", "scribe"));
  }
}
