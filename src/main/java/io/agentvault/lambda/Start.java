package io.agentvault.lambda;

import io.quarkus.amazon.lambda.runtime.LambdaConfig;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * What is done before Lambda is asked for the first event, which is in its init phase: with full
 * CPU, whatever the function's memory. The function is put together, and beside that its first
 * connections to AWS are opened, each on a thread of its own, so that the first call of each
 * service costs one round trip and no handshake.
 *
 * <p>Nothing here fails the function, or holds it up for longer than {@link #LIMIT}. What didn't
 * work is done by the first event, as if it had not been tried, and is told there: in an answer
 * that somebody reads, where a failed init only ends the process, to begin again.
 *
 * <p>The first event can be hours away. The first call on such a connection asks whether it is
 * still open, for it was never taken before ({@link KeptConnections}).
 */
@Singleton
final class Start {
  /** How long the connections are waited for once the rest is done. */
  static final Duration LIMIT = Duration.ofSeconds(1);

  private final LambdaConfig function;
  private final Clients clients;
  private final DynamoDbClient dynamoDb;
  private final Instance<KmsClient> kms;

  Start(LambdaConfig function, Clients clients, DynamoDbClient dynamoDb, Instance<KmsClient> kms) {
    this.function = function;
    this.clients = clients;
    this.dynamoDb = dynamoDb;
    this.kms = kms;
  }

  /** Quarkus' Lambda extension asks for events when all observers of this one are through. */
  void prepare(@Observes StartupEvent event) {
    Object handler = Arc.container().instance(function.handler().orElse("")).get();
    if (handler instanceof Preparable preparable) {
      prepare(preparable, new FirstConnection(clients.http()), dynamoDb, kms::get);
    }
  }

  static void prepare(
      Preparable handler, FirstConnection first, DynamoDbClient dynamoDb, Supplier<KmsClient> kms) {
    List<Step> connections = new ArrayList<>();
    if (handler.callsKms()) {
      connections.add(() -> first.open(Clients.endpoint(kms.get())));
    }
    connections.add(() -> first.open(Clients.endpoint(dynamoDb)));
    together(connections, handler::prepare, LIMIT);
  }

  /** Something that may fail. */
  @FunctionalInterface
  interface Step {
    void take() throws IOException;
  }

  /** Takes the first steps on threads of their own, which are left alone at the limit. */
  static void together(List<Step> beside, Step here, Duration limit) {
    CountDownLatch open = new CountDownLatch(beside.size());
    for (Step step : beside) {
      Thread.ofPlatform()
          .daemon()
          .name("start")
          .start(
              () -> {
                try {
                  attempt(step);
                } finally {
                  open.countDown();
                }
              });
    }
    attempt(here);
    try {
      // Whether all are open makes no difference to what comes next.
      var _ = open.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A fault is dropped because the first event meets it too, if it is still there, and tells. */
  private static void attempt(Step step) {
    try {
      step.take();
    } catch (IOException | RuntimeException e) {
      return;
    }
  }
}
