package io.agentvault.deployment;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The deployed template as IAM sees it: which function has which role, and what it may do. */
record Deployment(CloudFormation template) {

  static Deployment ofDefaults() {
    return new Deployment(CloudFormation.read(CloudFormation.TEMPLATE));
  }

  /** Their logical ids. */
  static List<String> functions() {
    return List.of(
        "VaultFunction", "BrokerFunction", "IdentityFunction", "ReaperFunction", "ScribeFunction");
  }

  /** The ARN of the role that a function runs as, by the function's logical id. */
  String role(String function) {
    return Tree.text(template.properties(function), "Role");
  }

  /** Every statement attached to a function's role, inline or apart from it. */
  List<Statement> statements(String function) {
    String name = role(function).substring(role(function).indexOf('/') + 1);
    Stream<Object> inline =
        template.resources("AWS::IAM::Role").keySet().stream()
            .filter(id -> template.resolve(Map.of("Ref", id)).orElseThrow().equals(name))
            .flatMap(id -> Tree.list(Tree.at(template.properties(id), "Policies")).stream());
    Stream<Object> apart =
        template.resources("AWS::IAM::RolePolicy").keySet().stream()
            .map(template::properties)
            .filter(policy -> Tree.text(policy, "RoleName").equals(name))
            .map(policy -> policy);
    return Stream.concat(inline, apart)
        .flatMap(policy -> Statement.all(Tree.at(policy, "PolicyDocument")).stream())
        .toList();
  }

  List<Statement> keyPolicy() {
    return Statement.all(Tree.at(template.properties("Key"), "KeyPolicy"));
  }

  List<Statement> signingKeyPolicy() {
    return Statement.all(Tree.at(template.properties("SigningKey"), "KeyPolicy"));
  }

  /** Both keys' policies, of which each is about its own key: what {@code "*"} means in it. */
  List<Statement> keyPolicies() {
    return Stream.concat(
            keyPolicy().stream().map(each -> each.on(key())),
            signingKeyPolicy().stream().map(each -> each.on(signingKey())))
        .toList();
  }

  PolicyEvaluation policiesOf(String function) {
    return new PolicyEvaluation(statements(function), keyPolicies());
  }

  /** A signature by a function, as the code asks for it. */
  IamRequest signature(String function) {
    return IamRequest.of(role(function), "kms:Sign", signingKey())
        .with("kms:SigningAlgorithm", "ECDSA_SHA_256")
        .with("kms:MessageType", "DIGEST");
  }

  /** The table that the functions are told to use. */
  String table() {
    Object name =
        Tree.at(template.section("Globals"), "Function", "Environment", "Variables", "VAULT_TABLE");
    return "arn:%s:dynamodb:%s:%s:table/%s"
        .formatted(
            CloudFormation.PARTITION,
            CloudFormation.REGION,
            CloudFormation.ACCOUNT,
            template.resolve(name).orElseThrow());
  }

  /** The table of the records. */
  String logTable() {
    return arn("LogTable", "Arn");
  }

  String key() {
    return arn("Key", "Arn");
  }

  String signingKey() {
    return arn("SigningKey", "Arn");
  }

  boolean allows(String function, IamRequest request) {
    return policiesOf(function).allows(request);
  }

  /** A use of the key by a function, with the whole encryption context. */
  IamRequest keyUse(String function, String action) {
    return IamRequest.of(role(function), "kms:" + action, key())
        .with("kms:EncryptionContextKeys", "tenant", "identity")
        .with("kms:EncryptionContext:tenant", "acme")
        .with("kms:EncryptionContext:identity", "0000000000000000000000000A");
  }

  /** A call on the table by a function, on one partition, naming some attributes. */
  IamRequest item(String function, String action, String partition, String... attributes) {
    return IamRequest.of(role(function), "dynamodb:" + action, table())
        .with("dynamodb:LeadingKeys", partition)
        .with("dynamodb:Attributes", attributes);
  }

  String arn(String logicalId, String attribute) {
    return template
        .resolve(Map.of("Fn::GetAtt", List.of(logicalId, attribute)))
        .orElseThrow()
        .toString();
  }
}
