package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The policies that we hand out: for whoever invokes directly and for whoever deploys. */
class PoliciesTest {
  private static final Path INVOKE = Path.of("infra/policies/invoke.json");
  private static final Path DEPLOY = Path.of("infra/policies/deploy.json");
  private static final String SOMEONE = "arn:aws:iam::ACCOUNT:role/someone";
  private static final String FUNCTION =
      "arn:aws:lambda:REGION:ACCOUNT:function:agent-vault-STAGE-";

  /** The quota of a managed policy, white space not counted. */
  private static final int MANAGED_POLICY_CHARACTERS = 6144;

  @Test
  void whoeverInvokesDirectlyReachesTheVaultFunctionOfOneStageOnly() {
    assertThat(allows(INVOKE, "lambda:InvokeFunction", FUNCTION + "VaultFunction-A1B2")).isTrue();
    for (String function : List.of("IdentityFunction-A1B2", "ReaperFunction-A1B2", "Other")) {
      assertThat(allows(INVOKE, "lambda:InvokeFunction", FUNCTION + function)).isFalse();
    }
    String otherStage = FUNCTION.replace("STAGE", "prod") + "VaultFunction-A1B2";
    assertThat(allows(INVOKE, "lambda:InvokeFunction", otherStage)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:BatchGetItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:PartiQLSelect",
        "dynamodb:DeleteTable",
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:CreateGrant",
        "kms:ScheduleKeyDeletion",
        "lambda:InvokeFunction"
      })
  void whoeverDeploysSeesNoVaultAndDestroysNone(String action) {
    Statement everything =
        new Statement("Admin", true, List.of(), List.of("*"), List.of("*"), List.of());
    Statement keyTrustsTheAccount =
        new Statement(
            "Trust",
            true,
            List.of("arn:aws:iam::ACCOUNT:root"),
            List.of("kms:*"),
            List.of("*"),
            List.of());
    List<Statement> beside = new ArrayList<>(statements(DEPLOY));
    beside.add(everything);
    IamRequest request = IamRequest.of(SOMEONE, action, "arn:aws:any:::thing");
    assertThat(
            new PolicyEvaluation(List.of(everything), List.of(keyTrustsTheAccount)).allows(request))
        .isTrue();
    assertThat(new PolicyEvaluation(beside, List.of(keyTrustsTheAccount)).allows(request))
        .isFalse();
  }

  @Test
  void deployerMayMakeEveryKindOfResourceOfTheTemplate() {
    Map<String, String> createdBy =
        Map.ofEntries(
            Map.entry("AWS::Serverless::HttpApi", "apigateway:POST"),
            Map.entry("AWS::Serverless::Function", "lambda:CreateFunction"),
            Map.entry("AWS::IAM::Role", "iam:CreateRole"),
            Map.entry("AWS::IAM::RolePolicy", "iam:PutRolePolicy"),
            Map.entry("AWS::Logs::LogGroup", "logs:CreateLogGroup"),
            Map.entry("AWS::Logs::MetricFilter", "logs:PutMetricFilter"),
            Map.entry("AWS::SQS::Queue", "sqs:CreateQueue"),
            Map.entry("AWS::KMS::Key", "kms:CreateKey"),
            Map.entry("AWS::KMS::Alias", "kms:CreateAlias"),
            Map.entry("AWS::DynamoDB::Table", "dynamodb:CreateTable"),
            Map.entry("AWS::CloudWatch::Alarm", "cloudwatch:PutMetricAlarm"),
            Map.entry("AWS::CloudWatch::Dashboard", "cloudwatch:PutDashboard"));
    Set<String> types = new TreeSet<>();
    CloudFormation.read(CloudFormation.TEMPLATE)
        .section("Resources")
        .values()
        .forEach(resource -> types.add(Tree.text(resource, "Type")));
    assertThat(types).isEqualTo(new TreeSet<>(createdBy.keySet()));
    assertThat(createdBy.values())
        .allMatch(
            action ->
                statements(DEPLOY).stream()
                    .anyMatch(statement -> statement.allows() && statement.namesAction(action)));
  }

  @Test
  void deployerPassesItsRolesToLambdaOnly() {
    IamRequest pass =
        IamRequest.of(
            SOMEONE, "iam:PassRole", "arn:aws:iam::ACCOUNT:role/agent-vault-STAGE-VaultRole-A1");
    PolicyEvaluation deployer = new PolicyEvaluation(statements(DEPLOY), List.of());
    assertThat(deployer.allows(pass.with("iam:PassedToService", "lambda.amazonaws.com"))).isTrue();
    assertThat(deployer.allows(pass.with("iam:PassedToService", "ec2.amazonaws.com"))).isFalse();
    assertThat(
            deployer.allows(
                pass.on("arn:aws:iam::ACCOUNT:role/Admin")
                    .with("iam:PassedToService", "lambda.amazonaws.com")))
        .isFalse();
  }

  @Test
  void bothFitIntoAManagedPolicy() throws IOException {
    for (Path policy : List.of(INVOKE, DEPLOY)) {
      assertThat(Files.readString(policy).replaceAll("\\s", "").length())
          .isLessThan(MANAGED_POLICY_CHARACTERS);
    }
  }

  private static boolean allows(Path policy, String action, String resource) {
    return new PolicyEvaluation(statements(policy), List.of())
        .allows(IamRequest.of(SOMEONE, action, resource));
  }

  private static List<Statement> statements(Path policy) {
    return Statement.all(JsonFile.read(policy));
  }
}
