package io.agentvault.vault;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.crypto.DataKeys;
import io.agentvault.crypto.Envelope;
import io.agentvault.crypto.Randomness;
import io.agentvault.evidence.Evidence;
import io.agentvault.identity.Authentication;
import io.agentvault.identity.ChildTokens;
import io.agentvault.remote.Backoff;
import java.time.Clock;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The data plane put together on DynamoDB.
 *
 * @param vault what an agent does with its credentials
 * @param oneTimeCodes what it does with seeds and backup codes
 * @param deposits what it asks humans for
 * @param redemptions what they hand in
 * @param logs what was done with it
 * @param accessTokens what its OAUTH credentials are good for, over a way to authorization servers
 */
public record Vaults(
    Vault vault,
    OneTimeCodes oneTimeCodes,
    Deposits deposits,
    Redemptions redemptions,
    Logs logs,
    Function<TokenEndpoint, AccessTokens> accessTokens) {
  /**
   * @param table the vault's table
   * @param evidence where what is done is recorded and counted
   * @param json writes what is sealed; its settings must keep numbers as they were written
   * @param quota how much each vault may hold
   */
  public static Vaults onDynamoDb(
      DynamoDbClient client,
      String table,
      Evidence evidence,
      Backoff backoff,
      DataKeys dataKeys,
      ObjectMapper json,
      Randomness randomness,
      Clock clock,
      Quota quota) {
    Usage usage = new Usage(client, backoff, table, quota, clock);
    CredentialStore store =
        new DynamoDbCredentialStore(client, backoff, table, evidence.counts(), usage);
    Authentication authentication = new Authentication(clock, dataKeys);
    Access access = new Access(store, authentication, evidence.recorder(), backoff, clock);
    Keyring keyring = new Keyring(dataKeys, new Envelope(randomness), json);
    ChildTokens tokens = new ChildTokens(dataKeys, randomness, clock);
    Vault vault = new Vault(store, access, keyring, tokens, randomness, clock);
    DepositStore deposits = new DynamoDbDepositStore(client, backoff, table, json);
    return new Vaults(
        vault,
        new OneTimeCodes(store, access, keyring, backoff.pause(), clock),
        new Deposits(deposits, access, keyring, randomness, clock),
        new Redemptions(deposits, vault, access, authentication, keyring, clock),
        new Logs(access, evidence.log(), clock),
        endpoint ->
            new AccessTokens(
                new AccessStore(client, backoff, table),
                access,
                keyring,
                endpoint,
                randomness,
                backoff.pause(),
                clock));
  }
}
