package io.agentvault.lambda;

import io.agentvault.remote.Retries;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.awscore.AwsServiceClientConfiguration;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.endpoints.DynamoDbEndpointProvider;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsServiceClientConfiguration;
import software.amazon.awssdk.services.kms.endpoints.KmsEndpointProvider;

/**
 * The two AWS clients, each made when it is first asked for, with the vault's retries and timer.
 *
 * <p>Everything that they need to know stands in variables that Lambda sets in every function:
 * credentials and region. So nothing is looked for in profiles, property files or on the network,
 * which is most of what the SDK would do at a cold start. Endpoints can be set by the SDK's own
 * variables, {@code AWS_ENDPOINT_URL_DYNAMODB} and {@code AWS_ENDPOINT_URL_KMS}.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">variables
 *     of Lambda</a>
 */
@Singleton
final class Clients {
  /** What one attempt may wait for a connection, which can't be interrupted. */
  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(1);

  /** What one attempt may wait for the next bytes; RemoteCalls limits the whole call. */
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(2);

  private final ScheduledExecutorService timer = timer();
  private final SdkHttpClient http =
      UrlConnectionHttpClient.builder()
          .connectionTimeout(CONNECTION_TIMEOUT)
          .socketTimeout(SOCKET_TIMEOUT)
          .build();

  Clients(VaultConfig config) {
    KeptConnections.trust(Duration.ofSeconds(config.trustConnectionSeconds()));
    callDirectly();
  }

  /**
   * The JDK is not to look for a proxy at each call, Lambda's own included: that is a twentieth of
   * a warm get. Of a proxy in the JVM's properties the SDK knows by itself, when its client is
   * made.
   */
  private static void callDirectly() {
    ProxySelector.setDefault(null);
  }

  @Produces
  @Singleton
  DynamoDbClient dynamoDb() {
    return configured(DynamoDbClient.builder()).build();
  }

  @Produces
  @Singleton
  KmsClient kms() {
    return configured(KmsClient.builder()).build();
  }

  /** What both clients send their calls by. */
  SdkHttpClient http() {
    return http;
  }

  /** Where a client calls: what is set for it, or its service's place in its region. */
  static URI endpoint(DynamoDbClient client) {
    DynamoDbServiceClientConfiguration set = client.serviceClientConfiguration();
    return endpoint(
        set,
        () ->
            DynamoDbEndpointProvider.defaultProvider()
                .resolveEndpoint(
                    place -> place.region(set.region()).useFips(fips()).useDualStack(dualStack())));
  }

  static URI endpoint(KmsClient client) {
    KmsServiceClientConfiguration set = client.serviceClientConfiguration();
    return endpoint(
        set,
        () ->
            KmsEndpointProvider.defaultProvider()
                .resolveEndpoint(
                    place -> place.region(set.region()).useFips(fips()).useDualStack(dualStack())));
  }

  private static URI endpoint(
      AwsServiceClientConfiguration set, Supplier<CompletableFuture<Endpoint>> otherwise) {
    return set.endpointOverride().orElseGet(() -> otherwise.get().join().url());
  }

  private static boolean fips() {
    return SdkSystemSetting.AWS_USE_FIPS_ENDPOINT.getBooleanValue().orElse(false);
  }

  private static boolean dualStack() {
    return SdkSystemSetting.AWS_USE_DUALSTACK_ENDPOINT.getBooleanValue().orElse(false);
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B configured(
      B builder) {
    Optional.ofNullable(System.getenv("AWS_REGION")).map(Region::of).ifPresent(builder::region);
    return builder
        .httpClient(http)
        .credentialsProvider(EnvironmentVariableCredentialsProvider.create())
        .overrideConfiguration(
            settings ->
                settings
                    .defaultProfileFile(ProfileFile.aggregator().build())
                    .retryStrategy(Retries.strategy())
                    .scheduledExecutorService(timer));
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
