package io.agentvault.lambda;

import io.agentvault.remote.Retries;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.client.builder.SdkClientBuilder;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsClientBuilder;

/**
 * The two AWS clients, each made when it is first asked for, with the vault's retries and timer.
 */
@Singleton
final class Clients {
  private final ScheduledExecutorService timer = timer();

  @Produces
  @Singleton
  DynamoDbClient dynamoDb(DynamoDbClientBuilder builder) {
    return configured(builder).build();
  }

  @Produces
  @Singleton
  KmsClient kms(KmsClientBuilder builder) {
    return configured(builder).build();
  }

  /** Adds to the builder's settings; the variant that takes a consumer would replace them. */
  private <B extends SdkClientBuilder<B, ?>> B configured(B builder) {
    return builder.overrideConfiguration(
        builder.overrideConfiguration().toBuilder()
            .retryStrategy(Retries.strategy())
            .scheduledExecutorService(timer)
            .build());
  }

  /**
   * Ends calls that take too long. Nearly every call ends long before its limit, so a limit that is
   * cancelled is removed; and a tick each second, which comes before any usual limit, keeps a new
   * limit from waking the thread.
   */
  private static ScheduledExecutorService timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("time limits").factory());
    timer.setRemoveOnCancelPolicy(true);
    timer.scheduleWithFixedDelay(() -> {}, 1, 1, TimeUnit.SECONDS);
    return timer;
  }
}
