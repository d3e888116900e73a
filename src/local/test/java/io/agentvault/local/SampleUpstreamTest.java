package io.agentvault.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleUpstreamTest {
  @ParameterizedTest
  @CsvSource({"'', 401", "Bearer wrong, 401", "Bearer sample-upstream-key, 200"})
  void itWantsItsKeyAndNeverSaysIt(String authorization, int status) throws Exception {
    try (SampleUpstream sample = new SampleUpstream();
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://" + sample.address() + "/a?b=" + authorization.replace(' ', '+')))
              .header("authorization", authorization)
              .build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.body()).doesNotContain(SampleUpstream.KEY);
    }
  }
}
