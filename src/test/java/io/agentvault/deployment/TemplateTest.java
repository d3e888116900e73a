package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a deployment of the template leaves in an account. */
class TemplateTest {
  private static final CloudFormation template = CloudFormation.read(CloudFormation.TEMPLATE);

  /** The properties by which CloudFormation lets a template choose a physical name. */
  private static final Set<String> NAMES =
      Set.of(
          "TableName",
          "FunctionName",
          "RoleName",
          "QueueName",
          "LogGroupName",
          "AlarmName",
          "DashboardName",
          "Name",
          "KeyId",
          "PolicyName",
          "AliasName",
          "ManagedPolicyName");

  @Test
  void twoStagesShareNoName() {
    CloudFormation dev = template.deployed("agent-vault-dev", Map.of("Stage", "dev"));
    CloudFormation prod = template.deployed("agent-vault-prod", Map.of("Stage", "prod"));
    for (String id : template.section("Resources").keySet()) {
      for (String name : NAMES) {
        Tree.find(dev.properties(id), name)
            .filter(
                value ->
                    !Tree.text(template.section("Resources"), id, "Type")
                            .equals("AWS::IAM::RolePolicy")
                        || !name.equals("PolicyName"))
            .ifPresent(
                value ->
                    assertThat(Tree.find(prod.properties(id), name))
                        .as("%s.%s", id, name)
                        .isPresent()
                        .isNotEqualTo(java.util.Optional.of(value)));
      }
    }
  }

  @Test
  void keyAndTablesOutliveTheStack() {
    for (String id : List.of("Key", "SigningKey", "Table", "LogTable")) {
      Object resource = template.section("Resources").get(id);
      // Kept when the stack is deleted; when its very first creation fails, nothing is in it yet.
      assertThat(Tree.text(java.util.Objects.requireNonNull(resource), "DeletionPolicy"))
          .isEqualTo("RetainExceptOnCreate");
      assertThat(Tree.text(resource, "UpdateReplacePolicy")).isEqualTo("Retain");
    }
    assertThat(template.properties("Key")).containsEntry("EnableKeyRotation", true);
  }

  /** What CloudFormation can change only by making the resource anew. */
  private static final Set<String> MADE_ONCE =
      Set.of("KeySpec", "KeyUsage", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes");

  @Test
  void whatOutlivesTheStackCanBeImportedAsItIs() {
    CloudFormation imported = CloudFormation.read(java.nio.file.Path.of("infra/import.yaml"));
    Map<String, Object> kept = new java.util.TreeMap<>(template.section("Resources"));
    kept.values()
        .removeIf(
            resource ->
                Tree.find(resource, "DeletionPolicy")
                    .filter("RetainExceptOnCreate"::equals)
                    .isEmpty());
    assertThat(imported.section("Resources").keySet()).isEqualTo(kept.keySet());
    kept.forEach(
        (id, resource) -> {
          Object entry = imported.section("Resources").get(id);
          assertThat(Tree.text(java.util.Objects.requireNonNull(entry), "DeletionPolicy"))
              .as("what an import demands, of %s", id)
              .isEqualTo("Retain");
          assertThat(Tree.text(entry, "Type")).isEqualTo(Tree.text(resource, "Type"));
          Map<String, Object> whole = template.properties(id);
          assertThat(whole).containsAllEntriesOf(imported.properties(id));
          whole.keySet().retainAll(MADE_ONCE);
          assertThat(imported.properties(id)).containsAllEntriesOf(whole);
        });
  }

  @ParameterizedTest
  @CsvSource({"Table, KEYS_ONLY", "LogTable, NEW_AND_OLD_IMAGES"})
  void tablesAreProtectedAndRecoverableAndStreamWhatTheirReaderNeeds(String table, String images) {
    assertThat(template.deployed("x", Map.of("RecoveryDays", "9")).properties(table))
        .containsEntry("DeletionProtectionEnabled", true)
        .containsEntry("BillingMode", "PAY_PER_REQUEST")
        .containsEntry("StreamSpecification", Map.of("StreamViewType", images))
        .containsEntry("TimeToLiveSpecification", Map.of("AttributeName", "ttl", "Enabled", true))
        .containsEntry(
            "PointInTimeRecoverySpecification",
            Map.of("PointInTimeRecoveryEnabled", true, "RecoveryPeriodInDays", "9"));
  }

  @Test
  void tenantIndexHoldsNoVerifierAndNoKey() {
    Object index =
        Tree.list(Tree.at(template.properties("Table"), "GlobalSecondaryIndexes")).getFirst();
    assertThat(Tree.text(index, "Projection", "ProjectionType")).isEqualTo("INCLUDE");
    assertThat(Tree.texts(Tree.at(index, "Projection", "NonKeyAttributes")))
        .containsExactly("name", "scopes");
  }

  @ParameterizedTest
  @MethodSource("io.agentvault.deployment.Deployment#functions")
  void everyFunctionHasItsOwnLogThatIsNotKeptForever(String function) {
    String log = function.replace("Function", "Logs");
    assertThat(Tree.text(template.properties(function), "LoggingConfig", "LogGroup"))
        .isEqualTo("agent-vault-dev-" + log);
    assertThat(Tree.text(template.properties(log), "RetentionInDays")).isEqualTo("30");
  }

  @Test
  void functionsRunNativelyOnTheChosenProcessor() {
    Object function = Tree.at(template.section("Globals"), "Function");
    assertThat(Tree.text(function, "Runtime")).isEqualTo("provided.al2023");
    // In Globals it is out of reach of `sam build`, which moves the template into .aws-sam.
    assertThat(Tree.find(function, "CodeUri")).isEmpty();
    for (String id : template.resources("AWS::Serverless::Function").keySet()) {
      assertThat(Tree.text(template.properties(id), "CodeUri"))
          .isEqualTo("target/native/function.zip");
    }
    assertThat(template.resolve(Tree.at(function, "Architectures"))).contains(List.of("arm64"));
    assertThat(
            template
                .deployed("x", Map.of("Architecture", "x86_64"))
                .resolve(Tree.at(function, "Architectures")))
        .contains(List.of("x86_64"));
  }

  @Test
  void concurrencyIsReservedWhereItIsAskedForOnly() {
    for (String function : List.of("Broker", "Identity", "Reaper", "Scribe")) {
      assertThat(template.properties(function + "Function"))
          .doesNotContainKey("ReservedConcurrentExecutions");
      assertThat(
              template
                  .deployed("x", Map.of("ReservedFor" + function, "7"))
                  .properties(function + "Function"))
          .containsEntry("ReservedConcurrentExecutions", "7");
    }
  }

  @Test
  void deliveredLogsNeedNoRoomInTheAccountsLogPolicy() {
    assertThat(Tree.text(template.properties("ApiLogs"), "LogGroupName"))
        .startsWith("/aws/vendedlogs/");
  }

  @Test
  void failuresAreSeenHoweverFewCallsThereAre() {
    for (String alarm :
        List.of(
            "ServerErrorsAlarm", "IdentityErrorsAlarm", "ReaperErrorsAlarm", "ScribeErrorsAlarm")) {
      assertThat(template.properties(alarm))
          .containsEntry("Period", 900)
          .containsEntry("EvaluationPeriods", 1)
          .containsEntry("Threshold", 3);
    }
  }

  @Test
  void revocationsThatTheReaperGivesUpAreReported() {
    Object stream =
        Tree.at(template.properties("ReaperFunction"), "Events", "Removed", "Properties");
    assertThat(Tree.text(stream, "DestinationConfig", "OnFailure", "Destination"))
        .isEqualTo(Deployment.ofDefaults().arn("ReaperFailures", "Arn"));
    assertThat(Tree.text(stream, "Stream")).contains(":table/agent-vault-dev-Table/stream/");
    assertThat(Tree.texts(Tree.at(stream, "FunctionResponseTypes")))
        .containsExactly("ReportBatchItemFailures");
    // Longer than the stream keeps its records, a failure would be lost without a word.
    assertThat(Long.parseLong(Tree.text(stream, "MaximumRecordAgeInSeconds"))).isLessThan(86_400);
    assertThat(template.properties("ReaperFailures")).containsEntry("SqsManagedSseEnabled", true);
  }

  @Test
  void theScribeGetsEveryChangeOfARecordAndWhatIsDoneToCheckpointsABatchAMinute() {
    Object stream =
        Tree.at(template.properties("ScribeFunction"), "Events", "Written", "Properties");
    assertThat(Tree.text(stream, "Stream")).contains(":table/agent-vault-dev-LogTable/stream/");
    assertThat(Tree.text(stream, "MaximumBatchingWindowInSeconds")).isEqualTo("60");
    assertThat(Tree.texts(Tree.at(stream, "FunctionResponseTypes")))
        .containsExactly("ReportBatchItemFailures");
    assertThat(Tree.text(stream, "DestinationConfig", "OnFailure", "Destination"))
        .isEqualTo(Deployment.ofDefaults().arn("ScribeFailures", "Arn"));
    assertThat(Long.parseLong(Tree.text(stream, "MaximumRecordAgeInSeconds"))).isLessThan(86_400);
    assertThat(Tree.list(Tree.at(stream, "FilterCriteria", "Filters")))
        .extracting(filter -> Tree.text(filter, "Pattern"))
        .containsExactly(
            "{\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":[{\"prefix\":\"LOG#\"}]}}}}",
            "{\"eventName\":[\"MODIFY\",\"REMOVE\"],\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":[{\"prefix\":\"PROOF#\"}]}}}}");
  }

  @Test
  void whoWritesRecordsIsChangedAfterTheScribe() {
    for (String function : List.of("Vault", "Broker", "Identity", "Reaper")) {
      Object resource = template.section("Resources").get(function + "Function");
      assertThat(Tree.texts(Tree.at(java.util.Objects.requireNonNull(resource), "DependsOn")))
          .contains("ScribeFunction");
    }
  }

  @Test
  void accessLogTellsTheRouteAndNothingThatACallerSent() {
    String format = Tree.text(template.properties("Api"), "AccessLogSettings", "Format");
    Set<String> variables = new TreeSet<>();
    Pattern.compile("\\$context\\.([A-Za-z.]+)")
        .matcher(format)
        .results()
        .forEach(match -> variables.add(match.group(1)));
    assertThat(variables)
        .containsExactlyInAnyOrder(
            "requestId",
            "requestTime",
            "routeKey",
            "status",
            "responseLatency",
            "integrationLatency",
            "integrationStatus",
            "responseLength",
            "identity.sourceIp",
            "error.responseType");
    assertThat(format.toLowerCase(Locale.ROOT)).doesNotContain("header", "authorizer", "path");
  }

  @Test
  void everyAlarmSaysWhatIsWrongAndReachesTheTopic() {
    String topic = "arn:aws:sns:eu-central-1:111122223333:alarms";
    CloudFormation told = template.deployed("x", Map.of("AlarmTopicArn", topic));
    Set<String> alarms = template.resources("AWS::CloudWatch::Alarm").keySet();
    assertThat(alarms)
        .contains(
            "ServerErrorShareAlarm",
            "ServerErrorsAlarm",
            "VaultErrorShareAlarm",
            "IdentityErrorsAlarm",
            "ReaperErrorsAlarm",
            "ReaperAgeAlarm",
            "ReaperFailuresAlarm",
            "ScribeErrorsAlarm",
            "ScribeAgeAlarm",
            "ScribeFailuresAlarm",
            "TamperingAlarm",
            "ThrottlesAlarm",
            "RefusalsAlarm");
    for (String alarm : alarms) {
      assertThat(told.properties(alarm)).containsEntry("AlarmActions", List.of(topic));
      assertThat(template.properties(alarm)).doesNotContainKey("AlarmActions");
      assertThat(Tree.text(template.properties(alarm), "AlarmDescription")).hasSizeGreaterThan(30);
    }
  }

  @Test
  void outputsAreWhatCallersAndScriptsNeed() {
    assertThat(template.section("Outputs"))
        .containsOnlyKeys(
            "ApiUrl",
            "VaultFunctionArn",
            "BrokerFunctionArn",
            "ProxyUrl",
            "OperatorUrl",
            "IdentityFunctionArn",
            "ReaperFunctionArn",
            "ScribeFunctionArn",
            "SigningKeyArn",
            "TableName",
            "LogTableName",
            "KeyArn",
            "ReaperFailuresUrl",
            "ScribeFailuresUrl",
            "DashboardName");
  }
}
