package io.agentvault.vault;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.crypto.DataKeys;
import io.agentvault.crypto.Envelope;
import io.agentvault.crypto.Randomness;
import io.agentvault.identity.Authentication;
import io.agentvault.remote.Backoff;
import java.time.Clock;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The data plane put together on DynamoDB.
 *
 * @param vault what an agent does with its credentials
 * @param oneTimeCodes what it does with seeds and backup codes
 */
public record Vaults(Vault vault, OneTimeCodes oneTimeCodes) {
  /**
   * @param table the vault's table
   * @param json writes what is sealed; its settings must keep numbers as they were written
   */
  public static Vaults onDynamoDb(
      DynamoDbClient client,
      String table,
      Backoff backoff,
      DataKeys dataKeys,
      ObjectMapper json,
      Randomness randomness,
      Clock clock) {
    CredentialStore store = new DynamoDbCredentialStore(client, backoff, table);
    Access access = new Access(store, new Authentication(clock), backoff);
    Keyring keyring = new Keyring(dataKeys, new Envelope(randomness), json);
    return new Vaults(
        new Vault(store, access, keyring, randomness, clock),
        new OneTimeCodes(store, access, keyring, backoff.pause(), clock));
  }
}
