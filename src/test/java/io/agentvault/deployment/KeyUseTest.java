package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what with the KMS key, by the roles and by the key's own policy together. */
class KeyUseTest {
  private static final String VAULT = "VaultFunction";
  private static final String IDENTITY = "IdentityFunction";
  private static final String REAPER = "ReaperFunction";
  private static final String SCRIBE = "ScribeFunction";

  private static final Deployment deployment = Deployment.ofDefaults();

  static Stream<Arguments> uses() {
    return Stream.of(VAULT, IDENTITY)
        .flatMap(
            function ->
                Stream.of(
                        "Decrypt",
                        "GenerateDataKey",
                        "GenerateDataKeyWithoutPlaintext",
                        "GenerateDataKeyPair",
                        "Encrypt",
                        "ReEncryptFrom",
                        "ReEncryptTo",
                        "CreateGrant",
                        "PutKeyPolicy",
                        "ScheduleKeyDeletion",
                        "DisableKey")
                    .map(action -> Arguments.of(function, action)));
  }

  @ParameterizedTest
  @MethodSource("uses")
  void vaultRoleOnlyUnwrapsDataKeysAndIdentityRoleOnlyWrapsNewOnes(String function, String action) {
    String own = function.equals(VAULT) ? "Decrypt" : "GenerateDataKeyWithoutPlaintext";
    assertThat(allows(function, keyUse(function, action))).isEqualTo(action.equals(own));
  }

  @Test
  void reaperRoleHasNoKmsAtAll() {
    assertThat(deployment.statements(REAPER))
        .noneMatch(statement -> statement.actions().stream().anyMatch(it -> it.startsWith("kms:")));
    for (String action : List.of("Decrypt", "GenerateDataKeyWithoutPlaintext", "DescribeKey")) {
      assertThat(allows(REAPER, keyUse(REAPER, action))).isFalse();
    }
  }

  static Stream<IamRequest> keyUses() {
    return Stream.of(keyUse(VAULT, "Decrypt"), keyUse(IDENTITY, "GenerateDataKeyWithoutPlaintext"));
  }

  @ParameterizedTest
  @MethodSource("keyUses")
  void keyIsUsedWithTheWholeContextAndNoOther(IamRequest use) {
    String function = use.action().equals("kms:Decrypt") ? VAULT : IDENTITY;
    IamRequest bare =
        use.without("kms:EncryptionContextKeys")
            .without("kms:EncryptionContext:tenant")
            .without("kms:EncryptionContext:identity");
    assertThat(allows(function, use)).isTrue();
    assertThat(allows(function, bare)).isFalse();
    assertThat(
            allows(
                function,
                bare.with("kms:EncryptionContextKeys", "tenant")
                    .with("kms:EncryptionContext:tenant", "acme")))
        .isFalse();
    assertThat(
            allows(
                function,
                bare.with("kms:EncryptionContextKeys", "identity")
                    .with("kms:EncryptionContext:identity", "x")))
        .isFalse();
    assertThat(
            allows(
                function,
                use.with("kms:EncryptionContextKeys", "tenant", "identity", "label")
                    .with("kms:EncryptionContext:label", "mail")))
        .isFalse();
  }

  @ParameterizedTest
  @MethodSource("keyUses")
  void noOtherKeyIsUsed(IamRequest use) {
    String function = use.action().equals("kms:Decrypt") ? VAULT : IDENTITY;
    assertThat(allows(function, use.on(deployment.key() + "2"))).isFalse();
    assertThat(allows(function, use.on(deployment.key().replace("111122223333", "444455556666"))))
        .isFalse();
  }

  @Test
  void keyPolicyStopsEvenAnAdministratorFromUnwrapping() {
    Statement everything =
        new Statement("Admin", true, List.of(), List.of("*"), List.of("*"), List.of());
    PolicyEvaluation administrator =
        new PolicyEvaluation(List.of(everything), deployment.keyPolicy());
    String someone = "arn:aws:iam::111122223333:role/administrator";
    for (String action :
        List.of("Decrypt", "GenerateDataKeyWithoutPlaintext", "GenerateDataKey", "CreateGrant")) {
      assertThat(administrator.allows(keyUse(VAULT, action).by(someone))).isFalse();
    }
    for (String action :
        List.of("PutKeyPolicy", "DescribeKey", "EnableKeyRotation", "ScheduleKeyDeletion")) {
      assertThat(administrator.allows(keyUse(VAULT, action).by(someone))).isTrue();
    }
  }

  @Test
  void keyPolicyStopsTheControlPlaneWhateverIsAttachedToIt() {
    Statement everything =
        new Statement("Admin", true, List.of(), List.of("*"), List.of("*"), List.of());
    PolicyEvaluation widened = new PolicyEvaluation(List.of(everything), deployment.keyPolicy());
    assertThat(widened.allows(keyUse(IDENTITY, "Decrypt"))).isFalse();
    assertThat(widened.allows(keyUse(VAULT, "Decrypt"))).isTrue();
  }

  @Test
  void brokerUnwrapsAsTheVaultDoesAndNoMore() {
    String broker = "BrokerFunction";
    assertThat(allows(broker, keyUse(broker, "Decrypt"))).isTrue();
    assertThat(
            allows(
                broker,
                keyUse(broker, "Decrypt")
                    .without("kms:EncryptionContextKeys")
                    .without("kms:EncryptionContext:tenant")
                    .without("kms:EncryptionContext:identity")))
        .isFalse();
    for (String action : List.of("GenerateDataKeyWithoutPlaintext", "Encrypt", "CreateGrant")) {
      assertThat(allows(broker, keyUse(broker, action))).isFalse();
    }
  }

  @Test
  void onlyIdentityAndScribeSignAndOnlyTheBrokerPublishes() {
    for (String function : List.of(VAULT, "BrokerFunction", IDENTITY, REAPER, SCRIBE)) {
      IamRequest sign = deployment.signature(function);
      assertThat(allows(function, sign)).isEqualTo(List.of(IDENTITY, SCRIBE).contains(function));
      assertThat(allows(function, sign.on(deployment.key()))).isFalse();
      assertThat(allows(function, sign.with("kms:SigningAlgorithm", "ECDSA_SHA_512"))).isFalse();
      assertThat(allows(function, sign.with("kms:MessageType", "RAW"))).isFalse();
      IamRequest publicKey =
          IamRequest.of(deployment.role(function), "kms:GetPublicKey", deployment.signingKey());
      assertThat(allows(function, publicKey)).isEqualTo(function.equals("BrokerFunction"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Decrypt",
        "GenerateDataKeyWithoutPlaintext",
        "Encrypt",
        "CreateGrant",
        "PutKeyPolicy",
        "ScheduleKeyDeletion",
        "DisableKey"
      })
  void whoSignsDoesNothingElseWithTheSigningKeyAndTheScribeNothingWithTheOther(String action) {
    for (String function : List.of(IDENTITY, SCRIBE)) {
      assertThat(allows(function, keyUse(function, action).on(deployment.signingKey()))).isFalse();
    }
    assertThat(allows(SCRIBE, keyUse(SCRIBE, action))).isFalse();
  }

  @Test
  void signingKeyPolicyStopsEvenAnAdministratorFromSigning() {
    Statement everything =
        new Statement("Admin", true, List.of(), List.of("*"), List.of("*"), List.of());
    PolicyEvaluation administrator =
        new PolicyEvaluation(List.of(everything), deployment.signingKeyPolicy());
    String someone = "arn:aws:iam::111122223333:role/administrator";
    IamRequest sign = deployment.signature(SCRIBE);
    assertThat(administrator.allows(sign)).isTrue();
    assertThat(administrator.allows(sign.by(someone))).isFalse();
    assertThat(administrator.allows(IamRequest.of(someone, "kms:CreateGrant", sign.resource())))
        .isFalse();
    // until it changes the policy, which CloudTrail shows
    assertThat(administrator.allows(IamRequest.of(someone, "kms:PutKeyPolicy", sign.resource())))
        .isTrue();
  }

  @Test
  void keyPolicyTrustsTheAccountAndDeniesEverybody() {
    assertThat(deployment.keyPolicy())
        .allSatisfy(
            statement ->
                assertThat(statement.principals())
                    .containsExactly(statement.allows() ? "arn:aws:iam::111122223333:root" : "*"));
    assertThat(deployment.keyPolicy().stream().filter(Statement::allows)).hasSize(1);
  }

  @Test
  void keyPolicyStopsAnotherAccountThatWasLetIn() {
    Statement letIn =
        new Statement(
            "Shared",
            true,
            List.of("arn:aws:iam::444455556666:root"),
            List.of("kms:*"),
            List.of("*"),
            List.of());
    Statement everything =
        new Statement("Admin", true, List.of(), List.of("*"), List.of("*"), List.of());
    List<Statement> shared =
        Stream.concat(deployment.keyPolicy().stream(), Stream.of(letIn)).toList();
    String stranger = "arn:aws:iam::444455556666:role/administrator";
    PolicyEvaluation policies = new PolicyEvaluation(List.of(everything), shared);
    assertThat(policies.allows(keyUse(VAULT, "DescribeKey").by(stranger))).isTrue();
    assertThat(policies.allows(keyUse(VAULT, "Decrypt").by(stranger))).isFalse();
  }

  private static boolean allows(String function, IamRequest request) {
    return deployment.allows(function, request);
  }

  private static IamRequest keyUse(String function, String action) {
    return deployment.keyUse(function, action);
  }
}
