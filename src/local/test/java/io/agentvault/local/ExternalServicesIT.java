package io.agentvault.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.agentvault.local.faults.Call;
import io.agentvault.local.host.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The functions over DynamoDB and KMS that the cloud did not start; moto stands for LocalStack. */
final class ExternalServicesIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  @TempDir private static Path directory;
  private static Optional<Moto> moto = Optional.empty();

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Optional<String> executable = Moto.executable();
    assumeTrue(
        executable.isPresent(),
        "no moto_server here (pip install 'moto[server]', or name one with MOTO_SERVER): the cloud"
            + " was not tried on services of others");
    moto = Optional.of(Moto.start(executable.orElseThrow(), directory.resolve("moto.log")));
  }

  @AfterAll
  static void stop() {
    moto.ifPresent(Moto::close);
  }

  private static LocalCloud cloud() {
    URI endpoint = moto.orElseThrow().endpoint();
    return LocalCloud.options().services(endpoint, endpoint).start();
  }

  @Test
  void aVaultLivesAndEndsOnServicesOfOthers() throws IOException, InterruptedException {
    try (LocalCloud cloud = cloud()) {
      JsonObject identity = identity(cloud);
      String key = identity.getString("rawKey");
      put(cloud, "/v0/vault/one", key, "{\"type\":\"API_KEY\",\"data\":{\"key\":\"value-1\"}}");
      JsonObject got = call(cloud, 200, "GET", "/v0/vault/one", key, "");
      assertThat(got.getJsonObject("data").getString("key")).isEqualTo("value-1");
      put(
          cloud,
          "/v0/vault/mail",
          key,
          "{\"type\":\"TOTP\",\"data\":{\"secret\":\"" + SEED + "\"}}");
      assertThat(call(cloud, 200, "GET", "/v0/vault/mail/totp", key, "").getString("code"))
          .matches("[0-9]{6}");
      call(cloud, 200, "DELETE", "/v0/vault/one", key, "");
      call(cloud, 404, "GET", "/v0/vault/one", key, "");

      String id = identity.getString("identityId");
      call(cloud, 200, "DELETE", "/v0/platform/identities/" + id, operator(cloud), "");
      call(cloud, 401, "GET", "/v0/vault/mail", key, "");
      cloud.stream().awaitDrained(Duration.ofSeconds(60));
      assertThat(cloud.stream().history()).anySatisfy(r -> assertThat(r.toString()).contains(id));
      assertThat(cloud.stream().abandoned()).isEmpty();
      assertThat(cloud.tap().callsOf("reaper")).isNotEmpty();
      assertThat(cloud.tap().callsOf("vault"))
          .extracting(Call::operation)
          .contains("BatchGetItem", "TransactWriteItems", "Decrypt");
      assertThat(cloud.tap().callsOf("identity"))
          .extracting(Call::operation)
          .contains("GenerateDataKeyWithoutPlaintext");
    }
  }

  @Test
  void theNextCloudFindsTheTableAndTheKeyOfTheLast() throws IOException, InterruptedException {
    String key;
    try (LocalCloud first = cloud()) {
      key = identity(first).getString("rawKey");
      put(first, "/v0/vault/kept", key, "{\"type\":\"API_KEY\",\"data\":{\"key\":\"value-2\"}}");
    }
    try (LocalCloud second = cloud()) {
      JsonObject got = call(second, 200, "GET", "/v0/vault/kept", key, "");
      assertThat(got.getJsonObject("data").getString("key")).isEqualTo("value-2");
      assertThat(second.kms().listAliases().aliases())
          .filteredOn(alias -> alias.aliasName().equals(KeySetup.ALIAS))
          .hasSize(1);
    }
  }

  private static String token(LocalCloud cloud) {
    return cloud.operators().mint("demo", Duration.ofMinutes(5));
  }

  @Test
  void aDemoKeyOfDataThatAreGoneMakesWayForANewIdentity() throws IOException {
    Path env = directory.resolve("dev.env");
    try (LocalCloud cloud = cloud()) {
      DemoIdentity.provision(cloud, token(cloud), arguments(env, true), Map.of());
      String first = Files.readString(env);
      DemoIdentity.provision(cloud, token(cloud), arguments(env, true), Map.of());
      assertThat(keyLine(Files.readString(env))).isEqualTo(keyLine(first));
      // A well-formed key of no identity here, as one of the LocalStack before.
      forgetIdentities(cloud);
      assertThatThrownBy(
              () -> DemoIdentity.provision(cloud, token(cloud), arguments(env, false), Map.of()))
          .isInstanceOf(DevFailure.class)
          .hasMessageContaining("opens no vault");
      DemoIdentity.provision(cloud, token(cloud), arguments(env, true), Map.of());
      assertThat(keyLine(Files.readString(env))).isNotEqualTo(keyLine(first));
    }
  }

  private static String keyLine(String environment) {
    return environment.lines().filter(l -> l.startsWith("VAULT_KEY=")).findFirst().orElseThrow();
  }

  private static void forgetIdentities(LocalCloud cloud) {
    var keys =
        cloud
            .dynamo()
            .scan(scan -> scan.tableName(cloud.tableName()).projectionExpression("pk, sk"))
            .items();
    keys.forEach(key -> cloud.dynamo().deleteItem(d -> d.tableName(cloud.tableName()).key(key)));
  }

  private static String operator(LocalCloud cloud) {
    return cloud.operators().mint("acme", Duration.ofMinutes(10));
  }

  private static JsonObject identity(LocalCloud cloud) throws IOException, InterruptedException {
    return call(
        cloud, 201, "POST", "/v0/platform/identities", operator(cloud), "{\"name\":\"harness\"}");
  }

  private static void put(LocalCloud cloud, String path, String key, String body)
      throws IOException, InterruptedException {
    call(cloud, 200, "PUT", path, key, body);
  }

  private static JsonObject call(
      LocalCloud cloud, int status, String method, String path, String bearer, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create(cloud.url() + path))
                .header("Authorization", "Bearer " + bearer)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode())
        .as(method + " " + path + " " + response.body())
        .isEqualTo(status);
    return Json.read(response.body());
  }

  private static DevArguments arguments(Path env, boolean localstack) {
    return new DevArguments(
        8080, Objects.requireNonNull(env.getParent()), Optional.empty(), List.of(), localstack);
  }
}
