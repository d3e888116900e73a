package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The template's parameters: described, bounded, and no place for a secret. */
class ParametersTest {
  private static final String PUBLIC_KEY =
      "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k\",\"x\":\"AA\",\"y\":\"AA\"}]}";

  private static final CloudFormation template = CloudFormation.read(CloudFormation.TEMPLATE);

  @Test
  void everyParameterIsDescribedAndBoundedAndItsDefaultFits() {
    template
        .section("Parameters")
        .forEach(
            (name, parameter) -> {
              assertThat(Tree.text(parameter, "Description")).as(name).hasSizeGreaterThan(20);
              assertThat(Tree.map(parameter).keySet())
                  .as(name)
                  .containsAnyOf("AllowedPattern", "AllowedValues", "MinValue");
              Tree.find(parameter, "Default")
                  .ifPresent(
                      value -> assertThat(accepts(name, value.toString())).as(name).isTrue());
            });
  }

  @Test
  void noParameterAsksForASecret() {
    // NoEcho would be the sign that one does: a secret belongs where it is encrypted.
    assertThat(template.section("Parameters").values())
        .noneMatch(parameter -> Tree.find(parameter, "NoEcho").isPresent());
    assertThat(
            template.section("Parameters").keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" ")))
        .doesNotContain("secret", "password", "token", "privatekey", "credential");
  }

  @Test
  void publicKeysAreTakenAndPrivateOnesRefused() {
    assertThat(accepts("OperatorJwks", PUBLIC_KEY)).isTrue();
    assertThat(accepts("OperatorJwks", PUBLIC_KEY.replace("\"x\"", "\"d\":\"AA\",\"x\"")))
        .isFalse();
    assertThat(accepts("OperatorJwks", PUBLIC_KEY.replace("\"x\"", "\"k\" : \"AA\",\"x\"")))
        .isFalse();
    assertThat(accepts("OperatorJwks", "[]")).isFalse();
    assertThat(accepts("FormerSigningKeys", PUBLIC_KEY)).isTrue();
    assertThat(accepts("FormerSigningKeys", PUBLIC_KEY.replace("\"x\"", "\"d\":\"AA\",\"x\"")))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "Stage, Prod",
    "Stage, 1a",
    "Stage, an-overlong-name-for-a-stage",
    "OperatorJwksUrl, http://example.com/jwks",
    "OperatorIssuer, two words",
    "AlarmTopicArn, alarms",
    "RestoredTable, a b",
    "RestoredTableStreamArn, latest",
    "Architecture, arm",
    "LogLabels, yes",
    "LogRetentionDays, 2"
  })
  void whatCannotBeMeantIsRefused(String name, String value) {
    assertThat(accepts(name, value)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"OperatorJwks,OperatorJwksUrl", "OperatorIssuer", "RestoredTable"})
  void combinationsThatCannotWorkBreakARule(String names) {
    Map<String, String> parameters =
        java.util.Arrays.stream(names.split(",", -1))
            .collect(Collectors.toMap(it -> it, it -> "x"));
    assertThat(brokenRules(template.deployed("x", parameters))).isPositive();
    assertThat(brokenRules(template)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "OperatorAccess=mtls, OperatorDomain=x OperatorCertificateArn=x OperatorTrustStore=x",
    "PlatformCallsPerSecond=0, OperatorAccess=iam",
    "ProxyUrlAccess=on, ReservedForBroker=5",
    "BrokerSubnetIds=subnet-1, BrokerSecurityGroupIds=sg-1",
    "RestoredTable=t RestoredTableStreamArn=s, OldTableUntil=unknown"
  })
  void whatNeedsAnotherParameterSaysSo(String set, String needed) {
    assertThat(brokenRules(template.deployed("x", values(set)))).isEqualTo(1);
    assertThat(brokenRules(template.deployed("x", values(set + " " + needed)))).isZero();
  }

  private static Map<String, String> values(String settings) {
    return java.util.Arrays.stream(settings.split(" ", -1))
        .map(setting -> setting.split("=", 2))
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
  }

  private static long brokenRules(CloudFormation deployed) {
    return deployed.section("Rules").values().stream()
        .filter(rule -> Tree.find(rule, "RuleCondition").map(deployed::decide).orElse(true))
        .flatMap(rule -> Tree.list(Tree.at(rule, "Assertions")).stream())
        .filter(assertion -> !deployed.decide(Tree.at(assertion, "Assert")))
        .count();
  }

  private static boolean accepts(String name, String value) {
    Object parameter = Tree.at(template.section("Parameters"), name);
    return Tree.find(parameter, "AllowedPattern")
            .map(pattern -> value.matches(pattern.toString()))
            .orElse(true)
        && Tree.find(parameter, "AllowedValues")
            .map(values -> Tree.texts(values).contains(value))
            .orElse(true);
  }
}
