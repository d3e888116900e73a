package io.agentvault.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.agentvault.broker.RawServer;
import io.agentvault.local.host.Loopback;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;

/** What is done before the first event, and that nothing in it can go wrong for the function. */
final class StartTest {
  private static final Duration SOON = Duration.ofMillis(20);

  private final SdkHttpClient http =
      UrlConnectionHttpClient.builder()
          .connectionTimeout(Duration.ofSeconds(1))
          .socketTimeout(Duration.ofSeconds(2))
          .build();
  private final FirstConnection first = new FirstConnection(http);

  @Test
  void theFirstCallOfEachServiceTakesTheConnectionThatWasOpened() {
    try (Service table = new Service(200);
        Service keys = new Service(200)) {
      DynamoDbClient dynamoDb = dynamoDb(table.uri());
      KmsClient kms = kms(keys.uri());

      Start.prepare(new Function(true), first, dynamoDb, () -> kms);
      assertThat(table.requests).containsExactly("GET /ping");
      assertThat(keys.requests).containsExactly("GET /ping");
      dynamoDb.listTables();
      kms.describeKey(key -> key.keyId("key"));

      assertThat(table.requests).containsExactly("GET /ping", "POST /");
      assertThat(keys.requests).containsExactly("GET /ping", "POST /");
      assertThat(table.connections).hasSize(1);
      assertThat(keys.connections).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 500})
  void aServiceThatDoesNotKnowThePingKeepsTheConnectionAllTheSame(int status) {
    try (Service table = new Service(status)) {
      DynamoDbClient dynamoDb = dynamoDb(table.uri());

      Start.prepare(new Function(false), first, dynamoDb, new NoKms()::get);
      dynamoDb.listTables();

      assertThat(table.requests).containsExactly("GET /ping", "POST /");
      assertThat(table.connections).hasSize(1);
    }
  }

  /** How a service can fail a ping. */
  enum Trouble {
    CUT_BEFORE_THE_ANSWER(""),
    CUT_WITHIN_THE_HEAD("HTTP/1.1 200 OK\r\nContent-Le"),
    CUT_WITHIN_THE_BODY("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhealthy"),
    NOT_HTTP("220 mail.example.com ESMTP\r\n"),
    ENDLESS("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(100_000));

    private final String answer;

    Trouble(String answer) {
      this.answer = answer;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whateverAServiceDoesTheFunctionIsPutTogetherAndAsksForEvents(Trouble trouble) {
    try (RawServer table = RawServer.saying(trouble.answer)) {
      Function function = new Function(false);

      Start.prepare(
          function, first, dynamoDb(URI.create("http://" + table.place())), new NoKms()::get);

      assertThat(function.prepared).hasValue(1);
      assertThat(table.requests()).isNotEmpty();
    }
  }

  @Test
  void aServiceThatIsNotThereAndAClientThatCannotBeMadeAreForTheFirstEventToTell() {
    NoKms kms = new NoKms();
    Function function = new Function(true);

    Start.prepare(function, first, dynamoDb(URI.create("http://127.0.0.1:1")), kms::get);

    assertThat(function.prepared).hasValue(1);
    assertThat(kms.timesAsked).isEqualTo(1);
  }

  @Test
  void aFunctionThatDoesNotCallKmsMakesNoClientForIt() {
    NoKms kms = new NoKms();
    try (Service table = new Service(200)) {
      Start.prepare(new Function(false), first, dynamoDb(table.uri()), kms::get);
    }
    assertThat(kms.timesAsked).isZero();
  }

  @Test
  void aFunctionThatCannotBePutTogetherStillOpensItsConnectionsAndAsksForEvents() {
    try (Service table = new Service(200)) {
      Preparable unset =
          new Function(false) {
            @Override
            public void prepare() {
              throw new IllegalStateException("VAULT_KMS_KEY_ID must be set");
            }
          };
      Start.prepare(unset, first, dynamoDb(table.uri()), new NoKms()::get);
      assertThat(table.requests).containsExactly("GET /ping");
    }
  }

  @Test
  void whoHangsIsLeftAloneAtTheLimit() throws InterruptedException {
    CountDownLatch forever = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(2);
    Start.Step hanging =
        () -> {
          try {
            forever.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          } finally {
            ended.countDown();
          }
        };
    AtomicInteger here = new AtomicInteger();

    Start.together(List.of(hanging, hanging), here::incrementAndGet, SOON);

    assertThat(here).hasValue(1);
    assertThat(ended.getCount()).as("still hanging").isEqualTo(2);
    forever.countDown();
    ended.await();
  }

  @Test
  void withoutAnEndpointOfItsOwnAClientCallsItsServiceInItsRegion() {
    assertThat(Clients.endpoint(configured(DynamoDbClient.builder(), Optional.empty()).build()))
        .hasToString("https://dynamodb.eu-central-1.amazonaws.com");
    assertThat(Clients.endpoint(configured(KmsClient.builder(), Optional.empty()).build()))
        .hasToString("https://kms.eu-central-1.amazonaws.com");
  }

  private DynamoDbClient dynamoDb(URI endpoint) {
    return configured(DynamoDbClient.builder(), Optional.of(endpoint)).build();
  }

  private KmsClient kms(URI endpoint) {
    return configured(KmsClient.builder(), Optional.of(endpoint)).build();
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B configured(
      B builder, Optional<URI> endpoint) {
    endpoint.ifPresent(builder::endpointOverride);
    return builder
        .region(Region.EU_CENTRAL_1)
        .httpClient(http)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")));
  }

  private static class Function implements Preparable {
    final AtomicInteger prepared = new AtomicInteger();
    private final boolean callsKms;

    Function(boolean callsKms) {
      this.callsKms = callsKms;
    }

    @Override
    public void prepare() {
      prepared.incrementAndGet();
    }

    @Override
    public boolean callsKms() {
      return callsKms;
    }
  }

  /** Answers calls with an empty object, and remembers what came on which connection. */
  private static final class Service implements AutoCloseable {
    final List<String> requests = new CopyOnWriteArrayList<>();
    final Set<Integer> connections = ConcurrentHashMap.newKeySet();
    private final int pingStatus;
    private final Loopback server = Loopback.start("service", 0, this::answer);

    Service(int pingStatus) {
      this.pingStatus = pingStatus;
    }

    URI uri() {
      return URI.create(server.url());
    }

    private void answer(HttpExchange exchange) throws IOException {
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      connections.add(exchange.getRemoteAddress().getPort());
      exchange.getRequestBody().readAllBytes();
      boolean ping = exchange.getRequestMethod().equals("GET");
      Loopback.answer(
          exchange,
          ping ? pingStatus : 200,
          ping ? "text/plain" : "application/x-amz-json-1.0",
          (ping ? "healthy" : "{}").getBytes(UTF_8));
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
