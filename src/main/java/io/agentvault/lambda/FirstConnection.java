package io.agentvault.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * A connection to an AWS service that stands, with its TLS session, before the first call needs it.
 *
 * <p>It is opened by a request that is not signed and asks for nothing, {@code GET /ping}, through
 * the very HTTP client that the service's client sends its calls by: the JDK keeps a connection for
 * whoever comes with the same scheme, host, port and socket factory, once its answer was read to
 * the end. DynamoDB answers {@code healthy} and its name. What KMS answers is not documented; any
 * answer will do, for what counts is that one came.
 */
final class FirstConnection {
  private static final String PATH = "/ping";

  /** An answer longer than this is no answer to a ping; its connection is not kept. */
  private static final int MAX_ANSWER_BYTES = 16 * 1024;

  private final SdkHttpClient http;

  FirstConnection(SdkHttpClient http) {
    this.http = http;
  }

  /**
   * @param endpoint the service's
   * @throws IOException if there was no answer, or not in the time that the HTTP client has
   */
  void open(URI endpoint) throws IOException {
    SdkHttpRequest request =
        SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(endpoint).encodedPath(PATH).build();
    AbortableInputStream answer =
        http.prepareRequest(HttpExecuteRequest.builder().request(request).build())
            .call()
            .responseBody()
            .orElseGet(() -> AbortableInputStream.create(InputStream.nullInputStream()));
    if (answer.readNBytes(MAX_ANSWER_BYTES).length < MAX_ANSWER_BYTES) {
      answer.close();
    } else {
      answer.abort();
    }
  }
}
