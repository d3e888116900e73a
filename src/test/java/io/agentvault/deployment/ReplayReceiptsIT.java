package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.agentvault.deployment.Script.Result;
import io.agentvault.local.LocalCloud;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** A table restored from before some revocations, made fit to serve with the AWS CLI. */
class ReplayReceiptsIT {
  private static final String LIVE = "replay-live";
  private static final String RESTORED = "replay-restored";

  private final DynamoDbClient dynamo = LocalCloud.shared().dynamo();
  private final Script replay =
      Script.named("replay-receipts")
          .with("AWS_ACCESS_KEY_ID", "LOCALTEST")
          .with("AWS_SECRET_ACCESS_KEY", "local")
          .with("AWS_REGION", "us-east-1")
          .with("AWS_ENDPOINT_URL_DYNAMODB", endpoint());

  @BeforeEach
  void aLiveTableAndOneFromItsBackup() {
    assumeTrue(hasCommandLine(), "no AWS CLI 2 here: the restore was not tried");
    for (String table : List.of(LIVE, RESTORED)) {
      dynamo.createTable(
          create ->
              create
                  .tableName(table)
                  .billingMode(BillingMode.PAY_PER_REQUEST)
                  .attributeDefinitions(
                      pk -> pk.attributeName("pk").attributeType(ScalarAttributeType.S),
                      sk -> sk.attributeName("sk").attributeType(ScalarAttributeType.S))
                  .keySchema(
                      pk -> pk.attributeName("pk").keyType(KeyType.HASH),
                      sk -> sk.attributeName("sk").keyType(KeyType.RANGE)));
    }
    dynamo.updateTable(
        update ->
            update
                .tableName(LIVE)
                .streamSpecification(
                    stream -> stream.streamEnabled(true).streamViewType(StreamViewType.KEYS_ONLY)));
    identity(LIVE, "kept", 1);
    identity(RESTORED, "kept", 1);
    credential(RESTORED, "kept", "a");
    receipt(LIVE, "revoked");
    identity(RESTORED, "revoked", 1);
    for (int i = 0; i < 60; i++) {
      credential(RESTORED, "revoked", "label-" + i);
    }
    identity(LIVE, "rotated", 2);
    identity(RESTORED, "rotated", 1);
    identity(LIVE, "created", 1);
  }

  @AfterEach
  void drop() {
    dynamo.listTables().tableNames().stream()
        .filter(List.of(LIVE, RESTORED)::contains)
        .forEach(table -> dynamo.deleteTable(delete -> delete.tableName(table)));
  }

  @Test
  void whatWasRevokedSinceTheBackupDoesNotComeBackHoweverOftenItRuns() {
    Result result = replay.run("--data-only", LIVE, RESTORED);
    assertThat(result.error()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(contents(RESTORED))
        .containsOnlyKeys(
            "AGENT#kept IDENTITY",
            "AGENT#kept CREDENTIAL#a",
            "AGENT#rotated IDENTITY",
            "AGENT#created IDENTITY",
            "RECEIPT#revoked RECEIPT");
    assertThat(contents(RESTORED).get("AGENT#rotated IDENTITY"))
        .isEqualTo(contents(LIVE).get("AGENT#rotated IDENTITY"));

    var before = contents(RESTORED);
    Result again = replay.run("--data-only", LIVE, RESTORED);
    assertThat(again.output()).contains("0 to bring over", "brought back: 0", "backup: 0");
    assertThat(contents(RESTORED)).isEqualTo(before);
  }

  @Test
  void dryRunChangesNothing() {
    var before = contents(RESTORED);
    Result result = replay.run("--dry-run", LIVE, RESTORED);
    assertThat(result.status()).isZero();
    assertThat(result.output()).contains("brought back: 1", "nothing was changed");
    assertThat(contents(RESTORED)).isEqualTo(before);
  }

  @Test
  void liveTableIsRefused() {
    var before = contents(LIVE);
    for (List<String> tables : List.of(List.of(RESTORED, LIVE), List.of(LIVE, LIVE))) {
      Result result = replay.run(tables.getFirst(), tables.getLast());
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.error()).hasLineCount(1);
    }
    assertThat(contents(LIVE)).isEqualTo(before);
  }

  private void identity(String table, String id, int revision) {
    put(
        table,
        "AGENT#" + id,
        "IDENTITY",
        Map.of(
            "keyHash",
            AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {(byte) 0xff, (byte) revision})),
            "revision",
            AttributeValue.fromN(Integer.toString(revision))));
  }

  private void credential(String table, String id, String label) {
    put(table, "AGENT#" + id, "CREDENTIAL#" + label, Map.of());
  }

  private void receipt(String table, String id) {
    put(
        table,
        "RECEIPT#" + id,
        "RECEIPT",
        Map.of("complete", AttributeValue.fromBool(true), "tenant", AttributeValue.fromS("t")));
  }

  private void put(String table, String pk, String sk, Map<String, AttributeValue> attributes) {
    Map<String, AttributeValue> item = new HashMap<>(attributes);
    item.put("pk", AttributeValue.fromS(pk));
    item.put("sk", AttributeValue.fromS(sk));
    dynamo.putItem(put -> put.tableName(table).item(item));
  }

  private Map<String, Map<String, AttributeValue>> contents(String table) {
    Map<String, Map<String, AttributeValue>> contents = new TreeMap<>();
    dynamo.scanPaginator(scan -> scan.tableName(table)).items().stream()
        .forEach(item -> contents.put(text(item, "pk") + " " + text(item, "sk"), item));
    return contents;
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    return Objects.requireNonNull(item.get(name)).s();
  }

  private String endpoint() {
    return dynamo.serviceClientConfiguration().endpointOverride().orElseThrow().toString();
  }

  private static boolean hasCommandLine() {
    return Script.named("replay-receipts")
        .run("--dry-run", "x", "y")
        .error()
        .contains("cannot read");
  }
}
