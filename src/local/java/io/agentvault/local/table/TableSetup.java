package io.agentvault.local.table;

import io.agentvault.local.template.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Makes a table of the template in a DynamoDB, unless it is there already. */
public final class TableSetup {
  private final DynamoDbClient dynamo;
  private final String name;
  private final Map<String, Object> properties;

  public TableSetup(DynamoDbClient dynamo, String name, Map<String, Object> properties) {
    this.dynamo = dynamo;
    this.name = name;
    this.properties = properties;
  }

  /** The ARN of the table's stream, if it has one. */
  public Optional<String> ensure() {
    TableDescription table;
    try {
      table = dynamo.describeTable(request -> request.tableName(name)).table();
    } catch (ResourceNotFoundException e) {
      table = create();
    }
    return Optional.ofNullable(table.latestStreamArn());
  }

  /** The attribute that says when an item expires; empty without one. */
  public static String ttlAttribute(Map<String, Object> table) {
    return text(Template.at(table, "TimeToLiveSpecification"), "AttributeName");
  }

  private TableDescription create() {
    CreateTableRequest.Builder request =
        CreateTableRequest.builder()
            .tableName(name)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .keySchema(keySchema(properties))
            .attributeDefinitions(
                maps(properties, "AttributeDefinitions").stream()
                    .map(
                        attribute ->
                            AttributeDefinition.builder()
                                .attributeName(text(attribute, "AttributeName"))
                                .attributeType(text(attribute, "AttributeType"))
                                .build())
                    .toList());
    List<GlobalSecondaryIndex> indexes =
        maps(properties, "GlobalSecondaryIndexes").stream().map(TableSetup::index).toList();
    if (!indexes.isEmpty()) {
      request.globalSecondaryIndexes(indexes);
    }
    String view = text(Template.at(properties, "StreamSpecification"), "StreamViewType");
    if (!view.isEmpty()) {
      request.streamSpecification(
          StreamSpecification.builder().streamEnabled(true).streamViewType(view).build());
    }
    TableDescription table = dynamo.createTable(request.build()).tableDescription();
    String ttl = ttlAttribute(properties);
    if (!ttl.isEmpty()) {
      dynamo.updateTimeToLive(
          update ->
              update
                  .tableName(name)
                  .timeToLiveSpecification(spec -> spec.attributeName(ttl).enabled(true)));
    }
    return table;
  }

  private static GlobalSecondaryIndex index(Map<String, Object> index) {
    Map<String, Object> projection = Template.at(index, "Projection");
    Projection.Builder projected =
        Projection.builder().projectionType(text(projection, "ProjectionType"));
    if (projection.get("NonKeyAttributes") instanceof List<?> names) {
      projected.nonKeyAttributes(names.stream().map(Object::toString).toList());
    }
    return GlobalSecondaryIndex.builder()
        .indexName(text(index, "IndexName"))
        .keySchema(keySchema(index))
        .projection(projected.build())
        .build();
  }

  private static List<KeySchemaElement> keySchema(Map<String, Object> owner) {
    return maps(owner, "KeySchema").stream()
        .map(
            element ->
                KeySchemaElement.builder()
                    .attributeName(text(element, "AttributeName"))
                    .keyType(text(element, "KeyType"))
                    .build())
        .toList();
  }

  private static List<Map<String, Object>> maps(Map<String, Object> owner, String key) {
    List<Map<String, Object>> maps = new ArrayList<>();
    if (owner.get(key) instanceof List<?> list) {
      list.forEach(item -> maps.add(Template.at(Map.of(key, item), key)));
    }
    return maps;
  }

  private static String text(Map<String, Object> owner, String key) {
    return String.valueOf(owner.getOrDefault(key, ""));
  }
}
