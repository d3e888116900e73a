package io.agentvault.standins;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** DynamoDB Local, AWS's own. */
final class LocalTableContractIT extends TableContract {
  @Override
  DynamoDbClient client() {
    return Servers.local().dynamo();
  }
}
