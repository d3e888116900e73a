package io.agentvault.standins;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Moto: a DynamoDB that this project did not write. Where it answers what AWS does not, the test is
 * off and says so.
 */
final class MotoTableContractIT extends TableContract {
  @BeforeAll
  static void requireServer() {
    Skips.unless(Servers.moto());
  }

  @Override
  DynamoDbClient client() {
    return Servers.moto().clients().orElseThrow().dynamo();
  }

  @Override
  @Test
  @Disabled("moto knows no ClientRequestToken; AWS keeps one for ten minutes")
  void aTransactionRepeatedWithItsTokenIsAppliedOnce() {}
}
