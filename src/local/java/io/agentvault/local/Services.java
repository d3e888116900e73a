package io.agentvault.local;

import io.agentvault.local.host.AwsClients;
import io.agentvault.local.host.Parts;
import io.agentvault.local.host.Watchdog;
import io.agentvault.local.keys.KmsKey;
import io.agentvault.local.keys.LocalKms;
import io.agentvault.local.table.DynamoDbLocal;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;

/**
 * DynamoDB and KMS behind a cloud.
 *
 * @param dynamoDb the endpoint of the tables and of their streams
 * @param kms the endpoint of the keys
 * @param keys where the template's keys are found, and made on first use
 */
record Services(URI dynamoDb, URI kms, Keys keys) {
  /** What stands for the template's keys. */
  @FunctionalInterface
  interface Keys {
    Key of(String logicalId, String spec);
  }

  /** A key as references to it answer: {@code Key.KeyId}, {@code Key.Arn}. */
  record Key(String id, String arn) {}

  /** DynamoDB Local and the local KMS, which start here and end with the parts. */
  static Services own(Options options, Path logs, Watchdog watchdog, Parts parts) {
    DynamoDbLocal dynamoDb =
        parts.keep(
            DynamoDbLocal.start(
                options.project,
                options.data.map(data -> data.resolve("dynamodb")),
                logs.resolve("dynamodb-local.log"),
                watchdog));
    LocalKms kms = parts.keep(new LocalKms(options.data.map(data -> data.resolve("kms.json"))));
    return new Services(dynamoDb.endpoint(), kms.endpoint(), (id, spec) -> key(kms, id, spec));
  }

  private static Key key(LocalKms kms, String logicalId, String spec) {
    KmsKey key = kms.keys().forAlias("alias/local-" + logicalId.toLowerCase(Locale.ROOT), spec);
    return new Key(key.id(), key.arn());
  }

  /** Those that run already, and go on running. */
  static Services at(Options.Endpoints endpoints, Parts parts) {
    KeySetup keys = new KeySetup(parts.keep(AwsClients.kms(endpoints.kms())));
    return new Services(endpoints.dynamoDb(), endpoints.kms(), keys::ensure);
  }
}
