package io.agentvault.threats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The table with the eyes and hands of somebody who can read and write all of it. */
final class Rows {
  private final DynamoDbClient dynamo;
  private final String table;
  private final String records;

  Rows(Gate gate) {
    this.dynamo = gate.cloud().dynamo();
    this.table = gate.cloud().tableName();
    this.records = gate.cloud().tableName("LogTable");
  }

  static Map<String, AttributeValue> key(String partition, String sort) {
    return Map.of("pk", AttributeValue.fromS(partition), "sk", AttributeValue.fromS(sort));
  }

  static Map<String, AttributeValue> identity(Agent agent) {
    return key(agent.partition(), "IDENTITY");
  }

  static Map<String, AttributeValue> credential(Agent agent, String label) {
    return key(agent.partition(), "CREDENTIAL#" + label);
  }

  static Map<String, AttributeValue> receipt(Agent agent) {
    return key("RECEIPT#" + agent.id(), "RECEIPT");
  }

  /** The item, or an empty map. */
  Map<String, AttributeValue> read(Map<String, AttributeValue> key) {
    return dynamo.getItem(get -> get.tableName(table).key(key).consistentRead(true)).item();
  }

  void write(Map<String, AttributeValue> item) {
    dynamo.putItem(put -> put.tableName(table).item(item));
  }

  void delete(Map<String, AttributeValue> key) {
    dynamo.deleteItem(delete -> delete.tableName(table).key(key));
  }

  /** The item with some attributes of another one. */
  static Map<String, AttributeValue> with(
      Map<String, AttributeValue> item, Map<String, AttributeValue> source, String... names) {
    Map<String, AttributeValue> mixed = new HashMap<>(item);
    for (String name : names) {
      mixed.put(name, source.getOrDefault(name, AttributeValue.fromNul(true)));
    }
    return mixed;
  }

  static Map<String, AttributeValue> with(
      Map<String, AttributeValue> item, String name, AttributeValue value) {
    Map<String, AttributeValue> changed = new HashMap<>(item);
    changed.put(name, value);
    return changed;
  }

  static byte[] bytes(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null || value.b() == null) {
      throw new AssertionError("no bytes in " + name);
    }
    return value.b().asByteArray();
  }

  static AttributeValue bytes(byte[] value) {
    return AttributeValue.fromB(SdkBytes.fromByteArray(value));
  }

  /** Everything that belongs to an identity, its receipt included, by sort key. */
  Map<String, Map<String, AttributeValue>> of(Agent agent) {
    Map<String, Map<String, AttributeValue>> rows = new TreeMap<>();
    for (String partition : List.of(agent.partition(), "RECEIPT#" + agent.id())) {
      dynamo
          .query(
              query ->
                  query
                      .tableName(table)
                      .consistentRead(true)
                      .keyConditionExpression("pk = :pk")
                      .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(partition))))
          .items()
          .forEach(item -> rows.put(text(item, "sk"), item));
    }
    return rows;
  }

  /** Every item of both tables. The vault itself never scans; a thief would. */
  List<Map<String, AttributeValue>> all() {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    for (String each : List.of(table, records)) {
      dynamo
          .scanPaginator(scan -> scan.tableName(each).consistentRead(true))
          .items()
          .forEach(items::add);
    }
    return items;
  }

  /** The records of an identity, oldest first. */
  List<JsonNode> records(Agent agent) {
    List<JsonNode> found = new ArrayList<>();
    dynamo
        .queryPaginator(
            query ->
                query
                    .tableName(records)
                    .consistentRead(true)
                    .keyConditionExpression("pk = :pk")
                    .expressionAttributeValues(
                        Map.of(":pk", AttributeValue.fromS("LOG#" + agent.id()))))
        .items()
        .forEach(item -> found.add(json(text(item, "record"))));
    return found;
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a record that is no JSON", e);
    }
  }

  /** How many identities a tenant has. */
  int identitiesOf(String tenant) {
    return dynamo
        .query(
            query ->
                query
                    .tableName(table)
                    .indexName("tenant")
                    .keyConditionExpression("tenant = :tenant")
                    .expressionAttributeValues(Map.of(":tenant", AttributeValue.fromS(tenant))))
        .count();
  }

  static String text(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null || value.s() == null ? "" : value.s();
  }

  static String number(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null || value.n() == null ? "" : value.n();
  }
}
