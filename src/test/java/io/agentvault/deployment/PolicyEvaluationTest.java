package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The evaluator itself, against what the IAM User Guide says of each rule. */
class PolicyEvaluationTest {
  private static final String ROLE = "arn:aws:iam::111122223333:role/someone";
  private static final String ROOT = "arn:aws:iam::111122223333:root";
  private static final IamRequest READ =
      IamRequest.of(ROLE, "dynamodb:GetItem", "arn:aws:dynamodb:::table/a");
  private static final IamRequest UNWRAP =
      IamRequest.of(ROLE, "kms:Decrypt", "arn:aws:kms:::key/a");

  @Test
  void nothingIsAllowedByDefault() {
    assertThat(new PolicyEvaluation(List.of(), List.of()).allows(READ)).isFalse();
  }

  @Test
  void denialWinsOverAllowance() {
    Statement allow = statement(true, List.of(), "dynamodb:*", "*");
    Statement deny = statement(false, List.of(), "dynamodb:Get*", "*");
    assertThat(new PolicyEvaluation(List.of(allow), List.of()).allows(READ)).isTrue();
    assertThat(new PolicyEvaluation(List.of(allow, deny), List.of()).allows(READ)).isFalse();
  }

  @Test
  void keyThatTrustsTheAccountLeavesTheDecisionToTheRole() {
    Statement trust = statement(true, List.of(ROOT), "kms:*", "*");
    Statement grant = statement(true, List.of(), "kms:Decrypt", "*");
    assertThat(new PolicyEvaluation(List.of(), List.of(trust)).allows(UNWRAP)).isFalse();
    assertThat(new PolicyEvaluation(List.of(grant), List.of()).allows(UNWRAP)).isFalse();
    assertThat(new PolicyEvaluation(List.of(grant), List.of(trust)).allows(UNWRAP)).isTrue();
  }

  @Test
  void keyThatTrustsTheRoleItselfNeedsNothingElse() {
    Statement trust = statement(true, List.of(ROLE), "kms:Decrypt", "*");
    assertThat(new PolicyEvaluation(List.of(), List.of(trust)).allows(UNWRAP)).isTrue();
  }

  @Test
  void keyDenialToTheAccountReachesEveryRoleInIt() {
    Statement trust = statement(true, List.of(ROOT), "kms:*", "*");
    Statement deny = statement(false, List.of(ROOT), "kms:Decrypt", "*");
    Statement grant = statement(true, List.of(), "kms:*", "*");
    assertThat(new PolicyEvaluation(List.of(grant), List.of(trust, deny)).allows(UNWRAP)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "a*, abc, true",
    "a?c, abc, true",
    "a?c, abbc, false",
    "*, '', true",
    "a.c, abc, false",
    "AGENT#*, AGENT#1, true",
    "AGENT#*, RECEIPT#1, false"
  })
  void wildcardsAreThoseOfIam(String pattern, String text, boolean matches) {
    assertThat(Wildcard.matches(pattern, text)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "StringEquals, v, v, true",
    "StringEquals, v, w, false",
    "StringEquals, v, , false",
    "StringNotEquals, v, w, true",
    "StringNotEquals, v, , true",
    "StringNotEquals, v, v, false",
    "StringLike, v*, vw, true",
    "ArnNotEquals, v, v, false",
    "StringEqualsIfExists, v, , true",
    "StringEqualsIfExists, v, w, false",
    "Null, true, , true",
    "Null, false, , false",
    "Null, false, v, true",
    "Bool, true, true, true",
    "ForAllValues:StringEquals, v, , true",
    "ForAllValues:StringEquals, v, v w, false",
    "ForAllValues:StringNotEquals, v, w x, true",
    "ForAllValues:StringNotEquals, v, w v, false",
    "ForAnyValue:StringEquals, v, , false",
    "ForAnyValue:StringEquals, v, w v, true"
  })
  void conditionsDecideAsDocumented(String operator, String value, String asked, boolean holds) {
    IamRequest request = asked == null ? READ : READ.with("key", asked.split(" ", -1));
    assertThat(new Condition(operator, "key", List.of(value)).holds(request)).isEqualTo(holds);
  }

  @Test
  void operatorThatIsNotKnownIsNeverSilentlyTrue() {
    Condition condition = new Condition("NumericLessThan", "key", List.of("3"));
    assertThatThrownBy(() -> condition.holds(READ.with("key", "1")))
        .hasMessageContaining("NumericLessThan");
  }

  private static Statement statement(
      boolean allows, List<String> principals, String action, String resource) {
    return new Statement("Test", allows, principals, List.of(action), List.of(resource), List.of());
  }
}
