package io.agentvault.vault;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.crypto.DataKeys;
import io.agentvault.crypto.Envelope;
import io.agentvault.crypto.Randomness;
import io.agentvault.identity.Authentication;
import io.agentvault.identity.ChildTokens;
import io.agentvault.remote.Backoff;
import java.time.Clock;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The data plane put together on DynamoDB.
 *
 * @param vault what an agent does with its credentials
 * @param oneTimeCodes what it does with seeds and backup codes
 * @param deposits what it asks humans for
 * @param redemptions what they hand in
 */
public record Vaults(
    Vault vault, OneTimeCodes oneTimeCodes, Deposits deposits, Redemptions redemptions) {
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
    Authentication authentication = new Authentication(clock, dataKeys);
    Access access = new Access(store, authentication, backoff);
    Keyring keyring = new Keyring(dataKeys, new Envelope(randomness), json);
    ChildTokens tokens = new ChildTokens(dataKeys, randomness, clock);
    Vault vault = new Vault(store, access, keyring, tokens, randomness, clock);
    DepositStore deposits = new DynamoDbDepositStore(client, backoff, table, json);
    return new Vaults(
        vault,
        new OneTimeCodes(store, access, keyring, backoff.pause(), clock),
        new Deposits(deposits, access, keyring, randomness, clock),
        new Redemptions(deposits, vault, access, authentication, keyring, clock));
  }
}
