package io.agentvault.identity.table;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * One write, judged against the table and not yet done.
 *
 * @param key of the item
 * @param before the item as it is; empty when there is none
 * @param after the item as it will be; empty when there will be none
 * @param conditionHolds whether it may be done
 */
record Write(
    Items.Key key,
    Map<String, AttributeValue> before,
    Map<String, AttributeValue> after,
    boolean conditionHolds) {

  static Write of(Items items, PutItemRequest put) {
    Expressions expressions =
        new Expressions(put.expressionAttributeNames(), put.expressionAttributeValues());
    return judged(items, put.item(), put.conditionExpression(), expressions, put.item());
  }

  static Write of(Items items, UpdateItemRequest update) {
    return update(
        items,
        update.key(),
        update.conditionExpression(),
        update.updateExpression(),
        new Expressions(update.expressionAttributeNames(), update.expressionAttributeValues()));
  }

  static Write of(Items items, TransactWriteItem item) {
    if (item.put() != null) {
      Put put = item.put();
      InMemoryTable.requireOurs(put.tableName());
      Expressions expressions =
          new Expressions(put.expressionAttributeNames(), put.expressionAttributeValues());
      return judged(items, put.item(), put.conditionExpression(), expressions, put.item());
    }
    if (item.update() != null) {
      Update update = item.update();
      InMemoryTable.requireOurs(update.tableName());
      return update(
          items,
          update.key(),
          update.conditionExpression(),
          update.updateExpression(),
          new Expressions(update.expressionAttributeNames(), update.expressionAttributeValues()));
    }
    if (item.delete() != null) {
      Delete delete = item.delete();
      InMemoryTable.requireOurs(delete.tableName());
      Expressions expressions =
          new Expressions(delete.expressionAttributeNames(), delete.expressionAttributeValues());
      return judged(items, delete.key(), delete.conditionExpression(), expressions, Map.of());
    }
    ConditionCheck check = item.conditionCheck();
    InMemoryTable.requireOurs(check.tableName());
    Expressions expressions =
        new Expressions(check.expressionAttributeNames(), check.expressionAttributeValues());
    Map<String, AttributeValue> same = items.get(check.key());
    return judged(items, check.key(), check.conditionExpression(), expressions, same);
  }

  private static Write update(
      Items items,
      Map<String, AttributeValue> key,
      @Nullable String condition,
      String update,
      Expressions expressions) {
    Map<String, AttributeValue> before = items.get(key);
    boolean holds = condition == null || expressions.matches(condition, before);
    Map<String, AttributeValue> after = Map.of();
    if (holds) {
      after = new HashMap<>(expressions.updated(update, before));
      after.putAll(key);
      expressions.requireAllUsed();
    }
    return new Write(Items.Key.of(key), before, after, holds);
  }

  private static Write judged(
      Items items,
      Map<String, AttributeValue> key,
      @Nullable String condition,
      Expressions expressions,
      Map<String, AttributeValue> after) {
    Map<String, AttributeValue> before = items.get(key);
    boolean holds = condition == null || expressions.matches(condition, before);
    expressions.requireAllUsed();
    return new Write(Items.Key.of(key), before, after, holds);
  }

  void apply(Items items) {
    if (!after.isEmpty()) {
      items.put(after);
    } else if (!before.isEmpty()) {
      items.remove(before);
    }
  }
}
