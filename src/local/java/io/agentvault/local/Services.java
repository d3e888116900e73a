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
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * DynamoDB and KMS behind a cloud.
 *
 * @param dynamoDb the endpoint of the tables and of their streams
 * @param tablePrefix what the names of the cloud's tables begin with
 * @param kms the endpoint of the keys
 * @param keys where the template's keys are found, and made on first use
 */
record Services(URI dynamoDb, String tablePrefix, URI kms, Keys keys) {
  /** What stands for the template's keys. */
  @FunctionalInterface
  interface Keys {
    Key of(String logicalId, String spec);
  }

  /** A key as references to it answer: {@code Key.KeyId}, {@code Key.Arn}. */
  record Key(String id, String arn) {}

  private static final String TABLE_PREFIX = "local-";
  private static final AtomicInteger CLOUDS = new AtomicInteger();

  /**
   * DynamoDB Local and the local KMS. Tables that outlive the cloud are in a process of their own,
   * which ends with the parts; others in the one of this JVM, and go with the parts.
   */
  static Services own(Options options, Path logs, Watchdog watchdog, Parts parts) {
    LocalKms kms = parts.keep(new LocalKms(options.data.map(data -> data.resolve("kms.json"))));
    Keys keys = (id, spec) -> key(kms, id, spec);
    if (options.data.isPresent()) {
      DynamoDbLocal dynamoDb =
          parts.keep(
              DynamoDbLocal.start(
                  options.project,
                  options.data.map(data -> data.resolve("dynamodb")),
                  logs.resolve("dynamodb-local.log"),
                  watchdog));
      return new Services(dynamoDb.endpoint(), TABLE_PREFIX, kms.endpoint(), keys);
    }
    URI shared = DynamoDbLocal.shared(options.project).endpoint();
    String tablePrefix = TABLE_PREFIX + CLOUDS.incrementAndGet() + "-";
    parts.keep(() -> delete(shared, tablePrefix));
    return new Services(shared, tablePrefix, kms.endpoint(), keys);
  }

  private static void delete(URI dynamoDb, String tablePrefix) {
    try (DynamoDbClient client = AwsClients.dynamo(dynamoDb)) {
      client.listTablesPaginator().tableNames().stream()
          .filter(name -> name.startsWith(tablePrefix))
          .forEach(name -> client.deleteTable(delete -> delete.tableName(name)));
    }
  }

  private static Key key(LocalKms kms, String logicalId, String spec) {
    KmsKey key = kms.keys().forAlias("alias/local-" + logicalId.toLowerCase(Locale.ROOT), spec);
    return new Key(key.id(), key.arn());
  }

  /** Those that run already, and go on running. */
  static Services at(Options.Endpoints endpoints, Parts parts) {
    KeySetup keys = new KeySetup(parts.keep(AwsClients.kms(endpoints.kms())));
    return new Services(endpoints.dynamoDb(), TABLE_PREFIX, endpoints.kms(), keys::ensure);
  }
}
