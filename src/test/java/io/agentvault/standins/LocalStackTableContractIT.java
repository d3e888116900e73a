package io.agentvault.standins;

import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** LocalStack: a DynamoDB that this project did not write. */
final class LocalStackTableContractIT extends TableContract {
  @BeforeAll
  static void requireServer() {
    Skips.unless(Servers.localStack());
  }

  @Override
  DynamoDbClient client() {
    return Servers.localStack().clients().orElseThrow().dynamo();
  }
}
