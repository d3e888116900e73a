package io.agentvault.deployment;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One statement of a policy.
 *
 * @param sid its name
 * @param allows whether its effect is Allow
 * @param principals the AWS principals of a resource policy; empty in a role's policy
 * @param actions patterns
 * @param resources patterns
 * @param conditions all of which must hold
 */
record Statement(
    String sid,
    boolean allows,
    List<String> principals,
    List<String> actions,
    List<String> resources,
    List<Condition> conditions) {

  /** The statements of a policy document, resolved. */
  static List<Statement> all(Object document) {
    return Tree.list(Tree.at(document, "Statement")).stream().map(Statement::of).toList();
  }

  private static Statement of(Object statement) {
    for (String unsupported : List.of("NotAction", "NotResource", "NotPrincipal")) {
      if (Tree.find(statement, unsupported).isPresent()) {
        throw new IllegalArgumentException(unsupported + " is hard to review; say what is meant");
      }
    }
    return new Statement(
        Tree.text(statement, "Sid"),
        switch (Tree.text(statement, "Effect")) {
          case "Allow" -> true;
          case "Deny" -> false;
          default -> throw new IllegalArgumentException("an effect is Allow or Deny");
        },
        Tree.find(statement, "Principal", "AWS").map(Tree::texts).orElse(List.of()),
        Tree.texts(Tree.at(statement, "Action")),
        Tree.texts(Tree.at(statement, "Resource")),
        Tree.find(statement, "Condition").map(Statement::conditions).orElse(List.of()));
  }

  private static List<Condition> conditions(Object block) {
    return Tree.map(block).entrySet().stream()
        .flatMap(
            operator ->
                Tree.map(operator.getValue()).entrySet().stream()
                    .map(key -> condition(operator.getKey(), key)))
        .toList();
  }

  private static Condition condition(String operator, Map.Entry<String, Object> key) {
    return new Condition(operator, key.getKey(), Tree.texts(key.getValue()));
  }

  boolean matches(IamRequest request) {
    return namesAction(request.action())
        && resources.stream().anyMatch(pattern -> Wildcard.matches(pattern, request.resource()))
        && conditions.stream().allMatch(condition -> condition.holds(request));
  }

  boolean namesAction(String action) {
    // IAM compares actions without regard to case.
    return actions.stream()
        .anyMatch(
            pattern ->
                Wildcard.matches(
                    pattern.toLowerCase(Locale.ROOT), action.toLowerCase(Locale.ROOT)));
  }

  /** This statement of a resource's policy, in which {@code "*"} means that resource. */
  Statement on(String resource) {
    return new Statement(sid, allows, principals, actions, List.of(resource), conditions);
  }

  /** This statement without one of its actions; empty when it was the only one. */
  Optional<Statement> without(String action) {
    List<String> rest = actions.stream().filter(it -> !it.equals(action)).toList();
    return rest.isEmpty()
        ? Optional.empty()
        : Optional.of(new Statement(sid, allows, principals, rest, resources, conditions));
  }
}
