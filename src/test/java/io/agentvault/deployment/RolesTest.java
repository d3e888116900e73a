package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the three roles of the deployed template may do, and above all what they may not. */
class RolesTest {
  private static final String VAULT = "VaultFunction";
  private static final String BROKER = "BrokerFunction";
  private static final String IDENTITY = "IdentityFunction";
  private static final String REAPER = "ReaperFunction";
  private static final String SCRIBE = "ScribeFunction";
  private static final String AGENT = "AGENT#0000000000000000000000000A";
  private static final String RECORD = "LOG#0000000000000000000000000A";
  private static final String PROOF = "PROOF#0000000000000000000000000A";
  private static final String USES = "USES#0000000000000000000000000A";
  private static final String RECEIPT = "RECEIPT#0000000000000000000000000A";

  private static final Deployment deployment = Deployment.ofDefaults();

  static List<String> functions() {
    return List.of(VAULT, BROKER, IDENTITY, REAPER, SCRIBE);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void everyDocumentedCallIsAllowed(String function) {
    assertThat(documented().refused(function)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void everyActionThatIsAllowedIsUsed(String function) {
    assertThat(documented().unused(function)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void everyRoleMovesToTheRestoredTable(String function) {
    Deployment restored =
        new Deployment(
            deployment
                .template()
                .deployed(
                    "agent-vault-dev",
                    Map.of("RestoredTable", "restored", "RestoredTableStreamArn", "arn:x")));
    List<RemoteCall> calls = RecordedCalls.read(RecordedCalls.DOCUMENTED);
    assertThat(restored.table()).endsWith(":table/restored");
    assertThat(new LeastPrivilege(restored, calls).refused(function)).isEmpty();
    assertThat(restored.statements(function))
        .flatMap(Statement::resources)
        .noneMatch(resource -> resource.startsWith(deployment.table()));
    assertThat(restored.logTable()).isEqualTo(deployment.logTable());
  }

  @ParameterizedTest
  @MethodSource("functions")
  void noRoleHasAWildcardServiceActionOrResource(String function) {
    assertThat(deployment.statements(function))
        .allSatisfy(
            statement -> {
              assertThat(statement.allows()).isTrue();
              assertThat(statement.actions()).noneMatch(action -> action.contains("*"));
              assertThat(statement.resources())
                  .allMatch(resource -> resource.startsWith("arn:aws:"))
                  .allMatch(resource -> !resource.contains("*") || resource.endsWith(":*"));
            });
  }

  @ParameterizedTest
  @MethodSource("functions")
  void noRoleMayScanOrUsePartiQl(String function) {
    for (String action :
        List.of("Scan", "PartiQLSelect", "PartiQLUpdate", "PartiQLInsert", "PartiQLDelete")) {
      assertThat(allows(function, item(function, action, AGENT, "pk"))).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void eachRoleWritesItsOwnLogOnly(String function) {
    for (String log :
        List.of("VaultLogs", "BrokerLogs", "IdentityLogs", "ReaperLogs", "ScribeLogs", "ApiLogs")) {
      IamRequest write =
          IamRequest.of(
              deployment.role(function),
              "logs:PutLogEvents",
              deployment.arn(log, "Arn").replace("*", "log-stream:x"));
      assertThat(allows(function, write))
          .isEqualTo(log.equals(function.replace("Function", "Logs")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tenant",
        "name",
        "scopes",
        "keyHash",
        "previousKeyHash",
        "previousKeyNotAfter",
        "keyGeneration",
        "previousKeyGeneration",
        "wrappedDataKey"
      })
  void neitherVaultNorBrokerCanWriteWhatMakesAnIdentity(String attribute) {
    for (String action : List.of("UpdateItem", "PutItem")) {
      IamRequest deposit = inTransaction(item(BROKER, action, AGENT, "pk", "sk", "tokenHash"));
      assertThat(allows(BROKER, deposit)).isTrue();
      assertThat(allows(BROKER, deposit.with("dynamodb:Attributes", "pk", "sk", attribute)))
          .isFalse();
    }
    IamRequest update = inTransaction(item(VAULT, "UpdateItem", AGENT, "pk", "sk", "revision"));
    assertThat(allows(VAULT, update)).isTrue();
    assertThat(allows(VAULT, update.with("dynamodb:Attributes", "pk", "sk", "revision", attribute)))
        .isFalse();
    assertThat(allows(VAULT, inTransaction(item(VAULT, "PutItem", AGENT, "pk", "sk", attribute))))
        .isFalse();
    assertThat(allows(VAULT, item(VAULT, "BatchWriteItem", AGENT, "pk", "sk", attribute)))
        .isFalse();
  }

  @Test
  void vaultRoleWritesInTransactionsOnly() {
    for (String action : List.of("UpdateItem", "DeleteItem")) {
      IamRequest write = item(VAULT, action, AGENT, "pk", "sk", "revision");
      assertThat(allows(VAULT, write)).isFalse();
      assertThat(allows(VAULT, inTransaction(write))).isTrue();
    }
  }

  @Test
  void vaultRoleReachesNoReceiptAndNoTenantIndex() {
    for (String action : List.of("GetItem", "BatchGetItem", "Query", "ConditionCheckItem")) {
      assertThat(allows(VAULT, item(VAULT, action, AGENT, "pk", "sk"))).isTrue();
      assertThat(allows(VAULT, item(VAULT, action, RECEIPT, "pk", "sk"))).isFalse();
    }
    IamRequest list =
        item(VAULT, "Query", "default", "tenant").on(deployment.table() + "/index/tenant");
    assertThat(allows(VAULT, list)).isFalse();
    assertThat(allows(IDENTITY, list.by(deployment.role(IDENTITY)))).isTrue();
  }

  @Test
  void identityRoleCannotWriteACredential() {
    IamRequest put = item(IDENTITY, "PutItem", AGENT, "pk", "sk", "tenant", "wrappedDataKey");
    assertThat(allows(IDENTITY, put)).isTrue();
    assertThat(allows(IDENTITY, put.with("dynamodb:Attributes", "pk", "sk", "id", "sealed")))
        .isFalse();
    assertThat(allows(IDENTITY, item(IDENTITY, "BatchWriteItem", AGENT, "pk", "sk", "sealed")))
        .isFalse();
  }

  @Test
  void identityIsDeletedInATransactionOnly() {
    IamRequest delete = item(IDENTITY, "DeleteItem", AGENT, "pk", "sk", "tenant");
    assertThat(allows(IDENTITY, delete)).isFalse();
    assertThat(allows(IDENTITY, inTransaction(delete))).isTrue();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void noRoleReachesAPartitionOfAnotherKind(String function) {
    for (String action :
        List.of(
            "GetItem",
            "BatchGetItem",
            "Query",
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            "BatchWriteItem",
            "ConditionCheckItem")) {
      assertThat(allows(function, inTransaction(item(function, action, "OTHER#1", "pk", "sk"))))
          .isFalse();
    }
  }

  @Test
  void receiptsAreDeletedByNobody() {
    for (String function : functions()) {
      for (String action : List.of("DeleteItem", "BatchWriteItem")) {
        assertThat(allows(function, inTransaction(item(function, action, RECEIPT, "pk", "sk"))))
            .isFalse();
      }
    }
  }

  @Test
  void sweepsSeeKeysOnly() {
    // The identity function reads deposits as well, which stand in the same partitions.
    for (String function : List.of(REAPER)) {
      IamRequest sweep =
          item(function, "Query", AGENT, "pk", "sk").with("dynamodb:Select", "SPECIFIC_ATTRIBUTES");
      assertThat(allows(function, sweep)).isTrue();
      assertThat(allows(function, sweep.with("dynamodb:Select", "ALL_ATTRIBUTES"))).isFalse();
      assertThat(allows(function, sweep.with("dynamodb:Attributes", "pk", "sk", "sealed")))
          .isFalse();
    }
  }

  @Test
  void reaperRoleWritesNothingButReceipts() {
    assertThat(allows(REAPER, item(REAPER, "UpdateItem", RECEIPT, "pk", "sk", "complete")))
        .isTrue();
    for (String action : List.of("PutItem", "UpdateItem", "DeleteItem")) {
      assertThat(allows(REAPER, inTransaction(item(REAPER, action, AGENT, "pk", "sk")))).isFalse();
    }
    assertThat(allows(REAPER, item(REAPER, "BatchWriteItem", AGENT, "pk", "sk"))).isTrue();
    assertThat(allows(REAPER, item(REAPER, "BatchWriteItem", AGENT, "pk", "sk", "sealed")))
        .isFalse();
  }

  static List<String> writers() {
    return List.of(VAULT, BROKER, IDENTITY, REAPER);
  }

  @ParameterizedTest
  @MethodSource("writers")
  void recordsAreAppendedAndNeverChangedOrRemoved(String function) {
    IamRequest put = record(function, "PutItem", RECORD);
    assertThat(allows(function, put)).isTrue();
    assertThat(allows(function, inTransaction(put))).isTrue();
    assertThat(allows(function, put.with("dynamodb:Attributes", "pk", "sk", "record", "x")))
        .isFalse();
    for (String action : List.of("UpdateItem", "DeleteItem", "BatchWriteItem", "Scan")) {
      for (String partition : List.of(RECORD, AGENT, PROOF, USES)) {
        assertThat(allows(function, inTransaction(record(function, action, partition)))).isFalse();
      }
    }
  }

  @Test
  void theScribeAppendsCheckpointsAndCountsAndWritesNothingElseAnywhere() {
    for (String partition : List.of(PROOF, USES)) {
      IamRequest put = record(SCRIBE, "PutItem", partition);
      assertThat(allows(SCRIBE, inTransaction(put))).isTrue();
      assertThat(allows(SCRIBE, put)).isFalse();
      for (String action : List.of("UpdateItem", "DeleteItem", "BatchWriteItem", "Scan")) {
        assertThat(allows(SCRIBE, inTransaction(record(SCRIBE, action, partition)))).isFalse();
      }
    }
    for (String action : List.of("PutItem", "UpdateItem", "DeleteItem", "GetItem", "Query")) {
      assertThat(allows(SCRIBE, inTransaction(record(SCRIBE, action, RECORD)))).isFalse();
      assertThat(allows(SCRIBE, inTransaction(item(SCRIBE, action, AGENT, "pk", "sk")))).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("writers")
  void checkpointsAndCountsAreWrittenByNoneOfThem(String function) {
    for (String partition : List.of(PROOF, USES, AGENT)) {
      assertThat(allows(function, inTransaction(record(function, "PutItem", partition)))).isFalse();
    }
    // and no record goes into the table of the vaults
    assertThat(allows(function, item(function, "PutItem", RECORD, "pk", "sk", "record"))).isFalse();
  }

  private static IamRequest record(String function, String action, String partition) {
    return deployment
        .item(function, action, partition, "pk", "sk", "record", "ttl")
        .on(deployment.logTable());
  }

  private static LeastPrivilege documented() {
    return new LeastPrivilege(deployment, RecordedCalls.read(RecordedCalls.DOCUMENTED));
  }

  private static boolean allows(String function, IamRequest request) {
    return deployment.allows(function, request);
  }

  private static IamRequest item(
      String function, String action, String partition, String... attributes) {
    return deployment.item(function, action, partition, attributes);
  }

  private static IamRequest inTransaction(IamRequest request) {
    return request.with("dynamodb:EnclosingOperation", "TransactWriteItems");
  }
}
