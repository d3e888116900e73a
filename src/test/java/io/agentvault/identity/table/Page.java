package io.agentvault.identity.table;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Answers a query with one page, as DynamoDB does. */
final class Page {
  private static final List<String> TABLE_KEY = List.of("pk", "sk");
  private static final List<String> INDEX_KEY = List.of("pk", "sk", "tenant", "createdAt");

  private Page() {}

  static QueryResponse of(Items items, QueryRequest request, int pageSize) {
    boolean index = request.indexName() != null;
    if (index && !request.indexName().equals("tenant")) {
      throw new AssertionError("no such index: " + request.indexName());
    }
    boolean backward = Boolean.FALSE.equals(request.scanIndexForward());
    Comparator<Map<String, AttributeValue>> forward = index ? Items.INDEX_ORDER : Items.ORDER;
    Comparator<Map<String, AttributeValue>> order = backward ? forward.reversed() : forward;
    Expressions expressions =
        new Expressions(request.expressionAttributeNames(), request.expressionAttributeValues());
    expressions.matches(request.keyConditionExpression(), Map.of());
    // The partition's key is always asked for by its value, and narrows the items at once.
    String partition = index ? "tenant" : "pk";
    Set<AttributeValue> asked = Set.copyOf(request.expressionAttributeValues().values());
    List<Map<String, AttributeValue>> found =
        (index ? items.indexed() : items.inOrder())
            .stream()
                .filter(item -> asked.contains(item.get(partition)))
                .filter(item -> expressions.matches(request.keyConditionExpression(), item))
                .filter(item -> isBehind(request, order, item))
                .sorted(order)
                .toList();
    int most = request.limit() == null ? pageSize : Math.min(pageSize, request.limit());
    List<Map<String, AttributeValue>> page = found.subList(0, Math.min(most, found.size()));
    QueryResponse.Builder response =
        QueryResponse.builder()
            .count(page.size())
            .items(page.stream().map(item -> shown(request, expressions, item)).toList());
    expressions.requireAllUsed();
    if (page.size() == most) { // DynamoDB stops here without a look at what may follow
      response.lastEvaluatedKey(key(page.getLast(), index ? INDEX_KEY : TABLE_KEY));
    }
    return response.build();
  }

  private static boolean isBehind(
      QueryRequest request,
      Comparator<Map<String, AttributeValue>> order,
      Map<String, AttributeValue> item) {
    return !request.hasExclusiveStartKey() || order.compare(item, request.exclusiveStartKey()) > 0;
  }

  private static Map<String, AttributeValue> shown(
      QueryRequest request, Expressions expressions, Map<String, AttributeValue> item) {
    return request.projectionExpression() == null
        ? item
        : expressions.projected(request.projectionExpression(), item);
  }

  private static Map<String, AttributeValue> key(
      Map<String, AttributeValue> item, List<String> names) {
    Map<String, AttributeValue> key = new HashMap<>(item);
    key.keySet().retainAll(names);
    return key;
  }
}
