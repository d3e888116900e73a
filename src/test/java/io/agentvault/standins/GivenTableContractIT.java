package io.agentvault.standins;

import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Any DynamoDB that runs already, named in {@code STANDIN_DYNAMODB} as {@code http://host:port}.
 */
final class GivenTableContractIT extends TableContract {
  @BeforeAll
  static void requireServer() {
    Skips.unless(Servers.given("STANDIN_DYNAMODB"));
  }

  @Override
  DynamoDbClient client() {
    return Servers.given("STANDIN_DYNAMODB").clients().orElseThrow().dynamo();
  }
}
