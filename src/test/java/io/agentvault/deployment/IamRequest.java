package io.agentvault.deployment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What IAM decides about.
 *
 * @param principal the ARN of the role that asks
 * @param action such as {@code dynamodb:GetItem}
 * @param resource the ARN asked for
 * @param context the condition keys that the service fills in, without those that are absent
 */
record IamRequest(
    String principal, String action, String resource, Map<String, List<String>> context) {

  static IamRequest of(String principal, String action, String resource) {
    return new IamRequest(principal, action, resource, Map.of());
  }

  IamRequest with(String key, String... values) {
    Map<String, List<String>> more = new LinkedHashMap<>(context);
    more.put(key, List.of(values));
    return new IamRequest(principal, action, resource, more);
  }

  IamRequest without(String key) {
    Map<String, List<String>> less = new LinkedHashMap<>(context);
    less.remove(key);
    return new IamRequest(principal, action, resource, less);
  }

  IamRequest on(String otherResource) {
    return new IamRequest(principal, action, otherResource, context);
  }

  IamRequest by(String otherPrincipal) {
    return new IamRequest(otherPrincipal, action, resource, context);
  }

  /** The values of a condition key, in any case; {@code aws:PrincipalArn} is always known. */
  List<String> values(String key) {
    if (key.equalsIgnoreCase("aws:PrincipalArn")) {
      return List.of(principal);
    }
    return context.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(key))
        .flatMap(entry -> entry.getValue().stream())
        .toList();
  }
}
