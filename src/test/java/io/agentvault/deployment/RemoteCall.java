package io.agentvault.deployment;

import io.agentvault.local.host.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One request that a function made, as it stood on the wire, and what AWS asks IAM about it: one
 * question per table of a batch and per part of a transaction (Service Authorization Reference,
 * "Actions, resources, and condition keys for Amazon DynamoDB" and "for AWS Key Management
 * Service"). Tables and keys are taken for the deployment's own: a table whose name ends with
 * {@code LogTable} for the records', every other for the vaults'.
 *
 * @param function {@code vault}, {@code identity} or {@code reaper}
 * @param service {@code dynamodb} or {@code kms}
 * @param operation such as {@code TransactWriteItems}
 * @param request the request's JSON
 */
record RemoteCall(String function, String service, String operation, JsonObject request) {
  private static final Pattern NAME = Pattern.compile("(?<![:\\w.])#?[A-Za-z_]\\w*");
  private static final Set<String> NO_ATTRIBUTES =
      Set.of(
          "SET",
          "REMOVE",
          "ADD",
          "DELETE",
          "AND",
          "OR",
          "NOT",
          "BETWEEN",
          "IN",
          "attribute_exists",
          "attribute_not_exists",
          "attribute_type",
          "begins_with",
          "contains",
          "size",
          "if_not_exists",
          "list_append");
  private static final List<String> EXPRESSIONS =
      List.of(
          "ProjectionExpression",
          "KeyConditionExpression",
          "FilterExpression",
          "ConditionExpression",
          "UpdateExpression");

  /** The logical id of the function. */
  String logicalId() {
    return function.substring(0, 1).toUpperCase(java.util.Locale.ROOT)
        + function.substring(1)
        + "Function";
  }

  List<IamRequest> asksFor(Deployment deployment) {
    IamRequest question =
        IamRequest.of(
            deployment.role(logicalId()),
            service + ":" + operation,
            service.equals("kms") ? key(deployment) : deployment.table());
    return switch (operation) {
      case "TransactWriteItems", "TransactGetItems" -> transaction(question, deployment);
      case "BatchGetItem", "BatchWriteItem" -> batch(question, deployment);
      default ->
          List.of(
              service.equals("kms")
                  ? keyUse(question)
                  : single(question.on(table(request, deployment)), request));
    };
  }

  private String key(Deployment deployment) {
    return List.of("Sign", "GetPublicKey").contains(operation)
        ? deployment.signingKey()
        : deployment.key();
  }

  private static String table(JsonObject part, Deployment deployment) {
    return table(part.getString("TableName"), deployment);
  }

  private static String table(String name, Deployment deployment) {
    return name.endsWith("LogTable") ? deployment.logTable() : deployment.table();
  }

  private List<IamRequest> transaction(IamRequest question, Deployment deployment) {
    return request.getJsonArray("TransactItems").stream()
        .flatMap(item -> item.asJsonObject().entrySet().stream())
        .map(
            part -> {
              String action =
                  part.getKey().equals("ConditionCheck") ? "ConditionCheck" : part.getKey();
              IamRequest one =
                  new IamRequest(
                      question.principal(),
                      "dynamodb:" + action + "Item",
                      table(part.getValue().asJsonObject(), deployment),
                      Map.of("dynamodb:EnclosingOperation", List.of(operation)));
              return single(one, part.getValue().asJsonObject());
            })
        .toList();
  }

  private List<IamRequest> batch(IamRequest question, Deployment deployment) {
    return request.getJsonObject("RequestItems").entrySet().stream()
        .map(entry -> batch(question.on(table(entry.getKey(), deployment)), entry.getValue()))
        .toList();
  }

  private static IamRequest batch(IamRequest question, JsonValue table) {
    List<JsonObject> parts = new ArrayList<>();
    Set<String> attributes = new LinkedHashSet<>();
    if (table instanceof JsonArray writes) {
      writes.stream()
          .flatMap(write -> write.asJsonObject().values().stream())
          .forEach(write -> parts.add(write.asJsonObject()));
    } else {
      attributes.addAll(attributes(table.asJsonObject()));
      table.asJsonObject().getJsonArray("Keys").stream()
          .map(key -> Json.object().add("Key", key).build())
          .forEach(parts::add);
    }
    parts.forEach(part -> attributes.addAll(attributes(part)));
    return question
        .with(
            "dynamodb:LeadingKeys",
            parts.stream().map(RemoteCall::partition).distinct().toArray(String[]::new))
        .with("dynamodb:Attributes", attributes.toArray(String[]::new));
  }

  private static IamRequest single(IamRequest question, JsonObject part) {
    IamRequest asked =
        question
            .on(
                part.containsKey("IndexName")
                    ? question.resource() + "/index/" + part.getString("IndexName")
                    : question.resource())
            .with("dynamodb:LeadingKeys", partition(part))
            .with("dynamodb:Attributes", attributes(part).toArray(String[]::new));
    boolean reads = List.of("GetItem", "Query", "Scan").contains(asked.action().substring(9));
    return reads ? asked.with("dynamodb:Select", selection(part)) : asked;
  }

  /** What a read asks for when it doesn't say: API reference of Query, {@code Select}. */
  private static String selection(JsonObject part) {
    String otherwise =
        part.containsKey("IndexName") ? "ALL_PROJECTED_ATTRIBUTES" : "ALL_ATTRIBUTES";
    return part.getString(
        "Select", part.containsKey("ProjectionExpression") ? "SPECIFIC_ATTRIBUTES" : otherwise);
  }

  private IamRequest keyUse(IamRequest question) {
    if (operation.equals("Sign")) {
      return question
          .with("kms:SigningAlgorithm", request.getString("SigningAlgorithm"))
          .with("kms:MessageType", request.getString("MessageType"));
    }
    JsonObject context = request.getJsonObject("EncryptionContext");
    if (context == null || context.isEmpty()) {
      return question;
    }
    IamRequest asked =
        question.with("kms:EncryptionContextKeys", context.keySet().toArray(String[]::new));
    for (Map.Entry<String, JsonValue> entry : context.entrySet()) {
      asked =
          asked.with(
              "kms:EncryptionContext:" + entry.getKey(),
              ((JsonString) entry.getValue()).getString());
    }
    return asked;
  }

  /** The partition key's value, wherever this kind of request has it. */
  private static String partition(JsonObject part) {
    for (String place : List.of("Key", "Item")) {
      if (part.containsKey(place)) {
        return part.getJsonObject(place).getJsonObject("pk").getString("S");
      }
    }
    // A query: its key condition starts with the partition key, `pk = :value`.
    String condition = part.getString("KeyConditionExpression", "");
    MatchResult value =
        Pattern.compile("=\\s*(:\\w+)").matcher(condition).results().findFirst().orElseThrow();
    return part.getJsonObject("ExpressionAttributeValues")
        .getJsonObject(value.group(1))
        .getString("S");
  }

  /** The top-level attributes that a request names, keys included. */
  private static Set<String> attributes(JsonObject part) {
    Map<String, String> names = new LinkedHashMap<>();
    if (part.containsKey("ExpressionAttributeNames")) {
      part.getJsonObject("ExpressionAttributeNames")
          .forEach((name, value) -> names.put(name, ((JsonString) value).getString()));
    }
    Set<String> found = new LinkedHashSet<>();
    for (String place : List.of("Key", "Item")) {
      if (part.containsKey(place)) {
        found.addAll(part.getJsonObject(place).keySet());
      }
    }
    EXPRESSIONS.stream()
        .filter(part::containsKey)
        .flatMap(expression -> named(part.getString(expression)))
        .forEach(name -> found.add(names.getOrDefault(name, name)));
    return found;
  }

  private static Stream<String> named(String expression) {
    return NAME.matcher(expression)
        .results()
        .map(MatchResult::group)
        .filter(name -> !NO_ATTRIBUTES.contains(name));
  }
}
