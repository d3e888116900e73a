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
  private static final Path CLOUDFORMATION = Path.of("infra/policies/cloudformation.json");
  private static final Path KEY = Path.of("infra/policies/key.json");
  private static final Path SIGNING_KEY = Path.of("infra/policies/signing-key.json");
  private static final Path BOUNDARY = Path.of("infra/policies/boundary.json");
  private static final String SOMEONE = "arn:aws:iam::ACCOUNT:role/someone";
  private static final String FUNCTION =
      "arn:aws:lambda:REGION:ACCOUNT:function:agent-vault-STAGE-";

  private static final Statement EVERYTHING =
      new Statement("Admin", true, List.of(), List.of("*"), List.of("*"), List.of());

  /** The quotas of a managed policy and of a role's own, white space not counted. */
  private static final int MANAGED_POLICY_CHARACTERS = 6144;

  private static final int ROLE_POLICY_CHARACTERS = 10_240;

  @Test
  void whoeverInvokesDirectlyReachesVaultAndBrokerOfOneStageOnly() {
    assertThat(allows(INVOKE, "lambda:InvokeFunction", FUNCTION + "BrokerFunction-A1")).isTrue();
    assertThat(allows(INVOKE, "lambda:InvokeFunction", FUNCTION + "VaultFunction-A1B2")).isTrue();
    for (String function :
        List.of("IdentityFunction-A1B2", "ReaperFunction-A1B2", "ScribeFunction-A1B2", "Other")) {
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
  void neitherWhoeverDeploysNorCloudFormationTouchesWhatIsInside(String action) {
    Statement keyTrustsTheAccount =
        new Statement(
            "Trust",
            true,
            List.of("arn:aws:iam::ACCOUNT:root"),
            List.of("kms:*"),
            List.of("*"),
            List.of());
    IamRequest request = IamRequest.of(SOMEONE, action, "arn:aws:any:::thing");
    assertThat(
            new PolicyEvaluation(List.of(EVERYTHING), List.of(keyTrustsTheAccount)).allows(request))
        .isTrue();
    for (Path policy : List.of(DEPLOY, CLOUDFORMATION)) {
      List<Statement> beside = new ArrayList<>(statements(policy));
      beside.add(EVERYTHING);
      assertThat(new PolicyEvaluation(beside, List.of(keyTrustsTheAccount)).allows(request))
          .isFalse();
    }
  }

  @Test
  void serviceRoleMayMakeEveryKindOfResourceOfTheTemplate() {
    Map<String, String> createdBy =
        Map.ofEntries(
            Map.entry("AWS::Serverless::HttpApi", "apigateway:POST"),
            Map.entry("AWS::Serverless::Function", "lambda:CreateFunction"),
            Map.entry("AWS::ApiGatewayV2::Api", "apigateway:POST"),
            Map.entry("AWS::ApiGatewayV2::ApiMapping", "apigateway:POST"),
            Map.entry("AWS::ApiGatewayV2::DomainName", "apigateway:POST"),
            Map.entry("AWS::ApiGatewayV2::Integration", "apigateway:POST"),
            Map.entry("AWS::ApiGatewayV2::Route", "apigateway:POST"),
            Map.entry("AWS::ApiGatewayV2::Stage", "apigateway:POST"),
            Map.entry("AWS::Lambda::Permission", "lambda:AddPermission"),
            Map.entry("AWS::Lambda::Url", "lambda:CreateFunctionUrlConfig"),
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
                statements(CLOUDFORMATION).stream()
                    .anyMatch(statement -> statement.allows() && statement.namesAction(action)));
  }

  @Test
  void whoeverDeploysChangesTheStackThroughItsServiceRoleOnly() {
    IamRequest change =
        IamRequest.of(
            SOMEONE,
            "cloudformation:CreateChangeSet",
            "arn:aws:cloudformation:REGION:ACCOUNT:stack/agent-vault-STAGE/1");
    String role = "arn:aws:iam::ACCOUNT:role/cloudformation-agent-vault-STAGE";
    PolicyEvaluation deployer = new PolicyEvaluation(statements(DEPLOY), List.of());
    IamRequest proper = change.with("cloudformation:RoleArn", role);
    assertThat(deployer.allows(proper)).isTrue();
    assertThat(deployer.allows(change)).isFalse();
    assertThat(deployer.allows(change.with("cloudformation:RoleArn", role + "2"))).isFalse();
    // A key or table from outside would be changed by a role that may change only what it made.
    assertThat(deployer.allows(proper.with("cloudformation:ImportResourceTypes", "AWS::KMS::Key")))
        .isFalse();
    IamRequest pass = IamRequest.of(SOMEONE, "iam:PassRole", role);
    assertThat(deployer.allows(pass.with("iam:PassedToService", "cloudformation.amazonaws.com")))
        .isTrue();
    assertThat(deployer.allows(pass.with("iam:PassedToService", "lambda.amazonaws.com"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iam:CreateRole",
        "iam:PutRolePolicy",
        "iam:AttachRolePolicy",
        "iam:DeleteRolePermissionsBoundary",
        "iam:CreateUser",
        "iam:CreatePolicyVersion",
        "kms:PutKeyPolicy",
        "lambda:UpdateFunctionCode",
        "sts:AssumeRole"
      })
  void whoeverDeploysHasNoPowerBesideTheStack(String action) {
    for (String resource : List.of("role/agent-vault-STAGE-VaultRole-A1", "policy/boundary-x")) {
      assertThat(allows(DEPLOY, action, "arn:aws:iam::ACCOUNT:" + resource)).isFalse();
    }
  }

  @Test
  void everyRoleThatIsMadeStaysWithinTheBoundary() {
    String boundary = "arn:aws:iam::ACCOUNT:policy/boundary-agent-vault-STAGE";
    String role = "arn:aws:iam::ACCOUNT:role/agent-vault-STAGE-VaultRole-A1";
    PolicyEvaluation maker = new PolicyEvaluation(statements(CLOUDFORMATION), List.of());
    for (String action :
        List.of("iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary")) {
      IamRequest make = IamRequest.of(SOMEONE, action, role);
      assertThat(maker.allows(make.with("iam:PermissionsBoundary", boundary))).isTrue();
      assertThat(maker.allows(make)).isFalse();
      assertThat(maker.allows(make.with("iam:PermissionsBoundary", boundary + "2"))).isFalse();
      // Neither its own role nor that of another stage, whatever boundary those have.
      for (String other :
          List.of("cloudformation-agent-vault-STAGE", "agent-vault-prod-VaultRole")) {
        assertThat(
                maker.allows(
                    make.on("arn:aws:iam::ACCOUNT:role/" + other)
                        .with("iam:PermissionsBoundary", boundary)))
            .isFalse();
      }
    }
    for (String action :
        List.of("iam:DeleteRolePermissionsBoundary", "iam:AttachRolePolicy", "iam:CreatePolicy")) {
      assertThat(maker.allows(IamRequest.of(SOMEONE, action, role))).isFalse();
    }
  }

  @Test
  void boundaryIsCarriedByEveryRoleAndIsAsWideAsTheyAre() {
    CloudFormation bounded =
        CloudFormation.read(CloudFormation.TEMPLATE)
            .deployed("agent-vault-dev", Map.of("PermissionsBoundaryArn", "arn:b"));
    assertThat(bounded.resources("AWS::IAM::Role").keySet())
        .isNotEmpty()
        .allSatisfy(
            role ->
                assertThat(bounded.properties(role)).containsEntry("PermissionsBoundary", "arn:b"));
    List<Statement> boundary = Statement.all(JsonFile.filled(BOUNDARY));
    Deployment deployment = Deployment.ofDefaults();
    for (RemoteCall call : RecordedCalls.read(RecordedCalls.DOCUMENTED)) {
      for (IamRequest request : call.asksFor(deployment)) {
        assertThat(new PolicyEvaluation(boundary, deployment.keyPolicy()).allows(request))
            .as("%s", request)
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dynamodb:Scan",
        "dynamodb:DeleteTable",
        "kms:PutKeyPolicy",
        "kms:Encrypt",
        "iam:PutRolePolicy",
        "iam:PassRole",
        "sts:AssumeRole",
        "s3:GetObject",
        "secretsmanager:GetSecretValue",
        "lambda:InvokeFunction"
      })
  void noRoleOfAStackCanEverDoMoreThanVaultsNeed(String action) {
    assertThat(allows(BOUNDARY, action, "arn:aws:any:::thing")).isFalse();
    assertThat(allows(BOUNDARY, "dynamodb:GetItem", "arn:aws:dynamodb:REGION:ACCOUNT:table/orders"))
        .isFalse();
    // Another application's key: its context is not ours.
    assertThat(allows(BOUNDARY, "kms:Decrypt", "arn:aws:kms:REGION:ACCOUNT:key/1")).isFalse();
  }

  @Test
  void keyThatTheStackDidNotMakeGetsThePolicyThatItWouldHaveMade() {
    CloudFormation template = CloudFormation.read(CloudFormation.TEMPLATE);
    assertThat(JsonFile.filled(KEY)).isEqualTo(Tree.at(template.properties("Key"), "KeyPolicy"));
    assertThat(JsonFile.filled(SIGNING_KEY))
        .isEqualTo(Tree.at(template.properties("SigningKey"), "KeyPolicy"));
    CloudFormation adopting =
        template.deployed("agent-vault-dev", Map.of("ExistingKeyArn", "arn:aws:kms:::key/old"));
    assertThat(adopting.resources("AWS::KMS::Key")).doesNotContainKey("Key");
    assertThat(new Deployment(adopting).statements("VaultFunction"))
        .filteredOn(statement -> statement.namesAction("kms:Decrypt"))
        .singleElement()
        .satisfies(it -> assertThat(it.resources()).containsExactly("arn:aws:kms:::key/old"));
  }

  @Test
  void rolesOfTheStackArePassedToLambdaOnly() {
    IamRequest pass =
        IamRequest.of(
            SOMEONE, "iam:PassRole", "arn:aws:iam::ACCOUNT:role/agent-vault-STAGE-VaultRole-A1");
    PolicyEvaluation deployer = new PolicyEvaluation(statements(CLOUDFORMATION), List.of());
    assertThat(deployer.allows(pass.with("iam:PassedToService", "lambda.amazonaws.com"))).isTrue();
    assertThat(deployer.allows(pass.with("iam:PassedToService", "ec2.amazonaws.com"))).isFalse();
    assertThat(
            deployer.allows(
                pass.on("arn:aws:iam::ACCOUNT:role/Admin")
                    .with("iam:PassedToService", "lambda.amazonaws.com")))
        .isFalse();
  }

  @Test
  void eachFitsWhereItIsPut() throws IOException {
    for (Path policy : List.of(INVOKE, DEPLOY, BOUNDARY)) {
      assertThat(length(policy)).isLessThan(MANAGED_POLICY_CHARACTERS);
    }
    assertThat(length(CLOUDFORMATION)).isLessThan(ROLE_POLICY_CHARACTERS);
  }

  private static int length(Path policy) throws IOException {
    return Files.readString(policy).replaceAll("\\s", "").length();
  }

  private static boolean allows(Path policy, String action, String resource) {
    return new PolicyEvaluation(statements(policy), List.of())
        .allows(IamRequest.of(SOMEONE, action, resource));
  }

  private static List<Statement> statements(Path policy) {
    return Statement.all(JsonFile.read(policy));
  }
}
