package io.agentvault.lambda;

import io.agentvault.remote.Retries;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import software.amazon.awssdk.core.client.builder.SdkClientBuilder;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsClientBuilder;

/** The two AWS clients, each made when it is first asked for, with the vault's retries. */
final class Clients {
  @Produces
  @Singleton
  DynamoDbClient dynamoDb(DynamoDbClientBuilder builder) {
    return retrying(builder).build();
  }

  @Produces
  @Singleton
  KmsClient kms(KmsClientBuilder builder) {
    return retrying(builder).build();
  }

  /** Adds to the builder's settings; the variant that takes a consumer would replace them. */
  private static <B extends SdkClientBuilder<B, ?>> B retrying(B builder) {
    return builder.overrideConfiguration(
        builder.overrideConfiguration().toBuilder().retryStrategy(Retries.strategy()).build());
  }
}
