package io.agentvault.local.host;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.kms.KmsClient;

/** Clients of the local services for the cloud itself and for tests. */
public final class AwsClients {
  private static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("LOCALTEST", "local"));

  private AwsClients() {}

  public static DynamoDbClient dynamo(URI endpoint) {
    return at(endpoint, DynamoDbClient.builder()).build();
  }

  /** For what must say at once what failed: a repeated CreateTable only says that one is there. */
  public static DynamoDbClient dynamoWithoutRetries(URI endpoint) {
    return at(endpoint, DynamoDbClient.builder())
        .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  public static DynamoDbStreamsClient streams(URI endpoint) {
    return at(endpoint, DynamoDbStreamsClient.builder()).build();
  }

  public static KmsClient kms(URI endpoint) {
    return at(endpoint, KmsClient.builder()).build();
  }

  private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B at(
      URI endpoint, B builder) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.of(Account.REGION))
        .credentialsProvider(CREDENTIALS)
        .httpClient(UrlConnectionHttpClient.create());
  }
}
