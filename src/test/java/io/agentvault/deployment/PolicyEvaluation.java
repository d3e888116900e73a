package io.agentvault.deployment;

import java.util.List;

/**
 * Decides as IAM does within one account (IAM User Guide, "Policy evaluation logic"): an explicit
 * denial anywhere wins; otherwise something must allow. A KMS key is different in that its policy
 * must allow too: to the role itself, or to the account, which hands the decision to the role's own
 * policies (KMS Developer Guide, "Default key policy").
 *
 * @param role the statements attached to the role
 * @param key the statements of the key policy
 */
record PolicyEvaluation(List<Statement> role, List<Statement> key) {

  boolean allows(IamRequest request) {
    return request.action().startsWith("kms:") ? allowsKeyUse(request) : allowsByRole(request);
  }

  private boolean allowsByRole(IamRequest request) {
    return matching(role, request, false).isEmpty() && !matching(role, request, true).isEmpty();
  }

  private boolean allowsKeyUse(IamRequest request) {
    List<Statement> aimed =
        key.stream().filter(statement -> isAimedAt(statement, request.principal())).toList();
    return matching(aimed, request, false).isEmpty()
        && matching(aimed, request, true).stream()
            .anyMatch(
                statement ->
                    statement.principals().contains(request.principal()) || allowsByRole(request))
        && matching(role, request, false).isEmpty();
  }

  private static List<Statement> matching(
      List<Statement> statements, IamRequest request, boolean allowing) {
    return statements.stream()
        .filter(statement -> statement.allows() == allowing && statement.matches(request))
        .toList();
  }

  /** The account as principal stands for everyone in it. */
  private static boolean isAimedAt(Statement statement, String principal) {
    String account = principal.split(":", -1)[4];
    return statement.principals().stream()
        .anyMatch(
            aim ->
                aim.equals(principal)
                    || aim.equals("*")
                    || aim.equals(
                        "arn:%s:iam::%s:root".formatted(CloudFormation.PARTITION, account)));
  }
}
