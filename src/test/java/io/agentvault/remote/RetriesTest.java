package io.agentvault.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.Unavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/** The real SDK client with our strategy and our limits. */
class RetriesTest {
  @Test
  void aServerThatFailsIsAskedThreeTimesAndNoMore() {
    List<String> attempts = new ArrayList<>();
    try (KmsClient kms = client(new Failing(attempts), "http://localhost:1")) {
      Deadline deadline = Deadline.after(Duration.ofSeconds(10), Clock.systemUTC());

      assertThatThrownBy(() -> describeKey(kms, deadline)).isInstanceOf(Unavailable.class);
      assertThat(attempts).hasSize(3);
      assertThat(deadline.roundTrips().calls("key service")).isEqualTo(1);
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.SECONDS)
  void aServerThatNeverAnswersIsGivenUpAtTheDeadline() throws IOException {
    // The system accepts the connection into the backlog; nobody ever reads from it.
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        KmsClient kms =
            client(UrlConnectionHttpClient.create(), "http://localhost:" + silent.getLocalPort())) {
      Deadline deadline = Deadline.after(Duration.ofMillis(300), Clock.systemUTC());

      assertThatThrownBy(() -> describeKey(kms, deadline)).isInstanceOf(Unavailable.class);
      assertThat(deadline.roundTrips().duration("key service")).isLessThan(Duration.ofSeconds(2));
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  private static Object describeKey(KmsClient kms, Deadline deadline) {
    return RemoteCalls.call(
        "key service",
        deadline,
        limits -> kms.describeKey(request -> request.keyId("k").overrideConfiguration(limits)));
  }

  private static KmsClient client(SdkHttpClient http, String endpoint) {
    return KmsClient.builder()
        .httpClient(http)
        .region(Region.EU_WEST_1)
        .endpointOverride(URI.create(endpoint))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("none", "none")))
        .overrideConfiguration(overrides -> overrides.retryStrategy(Retries.strategy()))
        .build();
  }

  private record Failing(List<String> attempts) implements SdkHttpClient {
    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() {
          attempts.add(request.httpRequest().encodedPath());
          return HttpExecuteResponse.builder()
              .response(SdkHttpResponse.builder().statusCode(503).build())
              .build();
        }

        @Override
        public void abort() {}
      };
    }

    @Override
    public void close() {}
  }
}
