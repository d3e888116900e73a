package io.agentvault.deployment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Compares what a function's role may do with what the function does: nothing that it calls may be
 * refused, and nothing that it never calls may be allowed.
 */
final class LeastPrivilege {
  /** What Lambda itself does in the function's name; no code of ours makes these calls. */
  private static final List<String> CALLED_BY_LAMBDA =
      List.of(
          "logs:CreateLogStream",
          "logs:PutLogEvents",
          "sqs:SendMessage",
          "dynamodb:DescribeStream",
          "dynamodb:GetRecords",
          "dynamodb:GetShardIterator",
          "dynamodb:ListStreams");

  private final Deployment deployment;
  private final List<RemoteCall> calls;
  private final Map<String, List<IamRequest>> asked = new HashMap<>();

  LeastPrivilege(Deployment deployment, List<RemoteCall> calls) {
    this.deployment = deployment;
    this.calls = calls;
  }

  /** The calls of {@code function} that AWS would refuse. */
  List<String> refused(String function) {
    PolicyEvaluation policies = deployment.policiesOf(function);
    return asked(function).stream()
        .filter(request -> !policies.allows(request))
        .map(request -> request.action() + " " + request.context())
        .distinct()
        .toList();
  }

  /**
   * The actions, as {@code statement: action}, that could be taken out of the role of {@code
   * function} without a call being refused.
   */
  List<String> unused(String function) {
    List<Statement> all = deployment.statements(function);
    return all.stream()
        .flatMap(
            statement ->
                statement.actions().stream()
                    .filter(action -> !CALLED_BY_LAMBDA.contains(action))
                    .filter(action -> isUnused(function, all, statement, action))
                    .map(action -> statement.sid() + ": " + action))
        .toList();
  }

  private boolean isUnused(
      String function, List<Statement> all, Statement statement, String action) {
    List<Statement> rest =
        all.stream()
            .flatMap(it -> it.equals(statement) ? it.without(action).stream() : Stream.of(it))
            .toList();
    PolicyEvaluation policies = new PolicyEvaluation(rest, deployment.keyPolicies());
    return asked(function).stream().allMatch(policies::allows);
  }

  private List<IamRequest> asked(String function) {
    return asked.computeIfAbsent(
        function,
        name ->
            calls.stream()
                .filter(call -> call.logicalId().equals(name))
                .flatMap(call -> call.asksFor(deployment).stream())
                .distinct()
                .toList());
  }
}
