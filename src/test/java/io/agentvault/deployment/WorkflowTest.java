package io.agentvault.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The example workflow: sound as a state machine, true to our errors, silent about secrets. */
class WorkflowTest {
  private static final String PROBLEMS = "io.agentvault.problem.";
  private static final Map<String, Object> machine =
      JsonFile.read(Path.of("infra/workflow.asl.json"));
  private static final CloudFormation stack =
      CloudFormation.read(Path.of("infra/workflow.yaml"))
          .deployed(
              "example",
              Map.of(
                  "VaultFunctionArn",
                  "arn:aws:lambda:eu-central-1:1:function:v",
                  "BrokerFunctionArn",
                  "arn:aws:lambda:eu-central-1:1:function:b"));

  @Test
  void everyStateIsReachedAndEveryTransitionLeadsSomewhere() {
    Map<String, Object> states = Tree.map(Tree.at(machine, "States"));
    Set<String> reached = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(Tree.text(machine, "StartAt")));
    while (!open.isEmpty()) {
      String name = open.pop();
      assertThat(states).containsKey(name);
      if (reached.add(name)) {
        open.addAll(followers(Tree.at(states, name)));
      }
    }
    assertThat(reached).isEqualTo(new TreeSet<>(states.keySet()));
  }

  @Test
  void everyStateEndsOrGoesOn() {
    assertThat(Tree.map(Tree.at(machine, "States")).values())
        .allSatisfy(
            state -> {
              boolean terminal = Set.of("Succeed", "Fail").contains(Tree.text(state, "Type"));
              assertThat(followers(state).isEmpty()).isEqualTo(terminal);
            });
  }

  @Test
  void everyErrorNamedIsAProblemOfOurs() {
    List<String> named = errors().filter(error -> error.startsWith(PROBLEMS)).toList();
    assertThat(named).isNotEmpty();
    for (String error : named) {
      assertThatCode(() -> Class.forName(error)).as(error).doesNotThrowAnyException();
    }
    assertThat(errors().filter(error -> error.contains("agentvault"))).isEqualTo(named);
  }

  @Test
  void onlyWhatMayPassByWaitingIsRetried() {
    assertThat(errorsOf("Retry"))
        .contains(PROBLEMS + "Unavailable", "Lambda.TooManyRequestsException")
        .doesNotContain(
            PROBLEMS + "NotFound",
            PROBLEMS + "Unauthorized",
            PROBLEMS + "Forbidden",
            PROBLEMS + "BadRequest",
            "States.ALL");
    assertThat(errorsOf("Catch"))
        .contains(PROBLEMS + "NotFound", PROBLEMS + "Unauthorized", "States.ALL");
  }

  @Test
  void executionHistoryHoldsReferencesAndStatusesOnly() {
    Object task = Tree.at(machine, "States", "SignIn");
    assertThat(Tree.map(Tree.at(task, "Parameters", "Payload")))
        .containsOnlyKeys("label.$", "target.$");
    assertThat(Tree.map(Tree.at(task, "ResultSelector"))).containsOnlyKeys("status.$");
    assertThat(Tree.nodes(machine).filter(String.class::isInstance).map(Object::toString))
        .noneMatch(text -> text.contains("getSecretValue") || text.contains("VaultFunction"));
    assertThat(worker()).contains("return {\"status\":").doesNotContain("print(", "log");
  }

  @Test
  void aUseNeedsNoSecretInAnyStateAndItsAnswerHoldsNone() {
    Object use = Tree.at(machine, "States", "ReadAccount");
    assertThat(Tree.map(Tree.at(use, "Parameters", "Payload"))).containsOnlyKeys("use");
    assertThat(Tree.map(Tree.at(use, "Parameters", "Payload", "use")))
        .containsOnlyKeys("label.$", "method", "url.$");
    assertThat(worker()).contains("action=\"vault.use\"", "BROKER_FUNCTION_ARN");
    assertThat(Tree.nodes(Tree.at(use, "Retry")).map(Object::toString))
        .noneMatch(error -> error.contains("Upstream"));
  }

  @Test
  void workerAndWorkflowMayDoNothingElse() {
    assertThat(actionsOf("WorkflowRole")).containsExactly("lambda:InvokeFunction");
    assertThat(actionsOf("WorkerRole"))
        .containsExactly(
            "lambda:InvokeFunction",
            "secretsmanager:GetSecretValue",
            "logs:CreateLogStream",
            "logs:PutLogEvents");
  }

  @Test
  void workerFitsInlineAndSpeaksTheContract() {
    assertThat(worker().length()).isLessThan(4096);
    assertThat(worker()).contains("action=\"vault.totp\"", "errorType");
  }

  private static String worker() {
    return Tree.text(stack.properties("Worker"), "InlineCode");
  }

  private static List<String> actionsOf(String role) {
    return Tree.list(Tree.at(stack.properties(role), "Policies")).stream()
        .flatMap(policy -> Statement.all(Tree.at(policy, "PolicyDocument")).stream())
        .flatMap(statement -> statement.actions().stream())
        .toList();
  }

  private static List<String> followers(Object state) {
    return Tree.nodes(state)
        .filter(Map.class::isInstance)
        .flatMap(node -> Stream.of(Tree.find(node, "Next"), Tree.find(node, "Default")))
        .flatMap(next -> next.map(Object::toString).stream())
        .toList();
  }

  private static Stream<String> errors() {
    return Stream.concat(errorsOf("Retry").stream(), errorsOf("Catch").stream());
  }

  private static List<String> errorsOf(String clause) {
    return Tree.nodes(machine)
        .flatMap(node -> Tree.find(node, clause).stream())
        .flatMap(rules -> Tree.list(rules).stream())
        .flatMap(rule -> Tree.texts(Tree.at(rule, "ErrorEquals")).stream())
        .toList();
  }
}
