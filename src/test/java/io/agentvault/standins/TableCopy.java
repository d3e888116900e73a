package io.agentvault.standins;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** The template's table, as the local cloud made it, made on another server. */
final class TableCopy {
  private TableCopy() {}

  static void ensure(DynamoDbClient source, DynamoDbClient target, String table) {
    try {
      target.describeTable(describe -> describe.tableName(table));
    } catch (ResourceNotFoundException e) {
      create(source.describeTable(describe -> describe.tableName(table)).table(), target);
    }
  }

  private static void create(TableDescription table, DynamoDbClient target) {
    target.createTable(
        create ->
            create
                .tableName(table.tableName())
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(table.attributeDefinitions())
                .keySchema(table.keySchema())
                .globalSecondaryIndexes(
                    !table.hasGlobalSecondaryIndexes()
                        ? null
                        : table.globalSecondaryIndexes().stream()
                            .map(
                                index ->
                                    GlobalSecondaryIndex.builder()
                                        .indexName(index.indexName())
                                        .keySchema(index.keySchema())
                                        .projection(index.projection())
                                        .build())
                            .toList()));
    target.waiter().waitUntilTableExists(wait -> wait.tableName(table.tableName()));
    target.updateTimeToLive(
        update ->
            update
                .tableName(table.tableName())
                .timeToLiveSpecification(ttl -> ttl.attributeName("ttl").enabled(true)));
  }
}
