package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.local.LocalCloud;
import io.agentvault.local.Options;
import io.agentvault.local.runtime.Invocation;
import io.agentvault.local.template.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stack is deleted; its keys and its table stay. Another that is given them by parameters opens
 * what the first one sealed, and revokes whom the first one made, with receipts that tell the
 * truth.
 */
class BackFromDeleteStackIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path data;

  @Test
  void whatTheDeletedStackSealedIsOpenedAndDestroyedByTheNext()
      throws IOException, InterruptedException {
    JsonNode agent;
    String key;
    String signingKey;
    String table;
    try (LocalCloud deleted = stack().start()) {
      agent = call(deleted, "identity", "{\"action\":\"identity.create\",\"tenant\":\"acme\"}");
      assertThat(store(deleted, agent).path("revision").asInt()).isEqualTo(1);
      key = variable(deleted, "vault", "VAULT_KMS_KEY_ID");
      signingKey = variable(deleted, "identity", "VAULT_SIGNING_KEY_ID");
      table = deleted.tableName();
    }
    Instant back = Instant.parse("2026-01-01T00:00:00Z");
    try (LocalCloud next =
        stack()
            .parameter("ExistingKeyArn", key)
            .parameter("ExistingSigningKeyArn", signingKey)
            .parameter("RestoredTable", table)
            .parameter(
                "RestoredTableStreamArn",
                "arn:aws:dynamodb:us-east-1:000000000000:table/" + table + "/stream/x")
            .parameter("OldTableUntil", back.toString())
            .start()) {
      assertThat(next.template().keyLogicalIds()).as("made by the stack").isEmpty();
      assertThat(variable(next, "vault", "VAULT_TABLE")).isEqualTo(table);
      assertThat(get(next, agent).path("data").path("key").asText()).isEqualTo("sealed-before");
      assertThat(store(next, agent).path("revision").asInt()).isEqualTo(2);
      JsonNode receipt =
          call(
              next,
              "identity",
              "{\"action\":\"identity.revoke\",\"tenant\":\"acme\",\"identityId\":\""
                  + agent.path("identityId").asText()
                  + "\"}");
      assertThat(receipt.path("complete").asBoolean()).isTrue();
      assertThat(receipt.path("credentialsDestroyed").asInt()).isEqualTo(1);
      assertThat(receipt.path("signed").isTextual()).isTrue();
      // No other table keeps a key: what counts is the recovery of this one.
      assertThat(Instant.parse(receipt.path("recoverableUntil").asText()))
          .isEqualTo(
              Instant.parse(receipt.path("revokedAt").asText()).plus(java.time.Duration.ofDays(7)));
    }
  }

  private Options stack() {
    return LocalCloud.options().data(data);
  }

  private static String variable(LocalCloud cloud, String function, String name) {
    return cloud.template().functions().stream()
        .filter(each -> each.name().equals(function))
        .map(Template.Function::environment)
        .findFirst()
        .orElseThrow()
        .getOrDefault(name, "");
  }

  private static JsonNode store(LocalCloud cloud, JsonNode agent) throws IOException {
    return vault(
        cloud, agent, "vault.store", ",\"type\":\"API_KEY\",\"data\":{\"key\":\"sealed-before\"}");
  }

  private static JsonNode get(LocalCloud cloud, JsonNode agent) throws IOException {
    return vault(cloud, agent, "vault.get", "");
  }

  private static JsonNode vault(LocalCloud cloud, JsonNode agent, String action, String more)
      throws IOException {
    return call(
        cloud,
        "vault",
        "{\"action\":\""
            + action
            + "\",\"label\":\"one\",\"key\":\""
            + agent.path("rawKey").asText()
            + "\""
            + more
            + "}");
  }

  private static JsonNode call(LocalCloud cloud, String function, String event) throws IOException {
    Invocation invocation = cloud.invoke(function, event.getBytes(StandardCharsets.UTF_8));
    assertThat(invocation.failed()).as(function).isFalse();
    return JSON.readTree(invocation.outcome().text());
  }
}
