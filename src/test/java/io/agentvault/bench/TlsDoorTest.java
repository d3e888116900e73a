package io.agentvault.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.local.host.Loopback;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsDoorTest {
  @Test
  void leadsToAServiceOverTlsThatOnlyItsOwnAuthorityMakesTrusted(@TempDir Path directory)
      throws Exception {
    TlsKeys keys = TlsKeys.make(directory);
    byte[] body = "x".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
    try (Loopback service =
            Loopback.start(
                "echo",
                0,
                exchange ->
                    Loopback.answer(
                        exchange, 200, "text/plain", exchange.getRequestBody().readAllBytes()));
        TlsDoor door = TlsDoor.open(keys, Duration.ofMillis(1));
        HttpClient trusting = HttpClient.newBuilder().sslContext(trusting(keys)).build();
        HttpClient stranger = HttpClient.newHttpClient()) {
      door.leadTo(URI.create(service.url()));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(door.url()))
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build();
      for (int i = 0; i < 3; i++) { // on the same connection
        assertThat(trusting.send(request, BodyHandlers.ofByteArray()).body()).isEqualTo(body);
      }
      assertThatThrownBy(() -> stranger.send(request, BodyHandlers.ofByteArray()))
          .isInstanceOf(SSLHandshakeException.class);
    }
  }

  /** As a function does that is told of the trust store: without a password. */
  private static SSLContext trusting(TlsKeys keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys.trustStore())) {
      store.load(in, null);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
