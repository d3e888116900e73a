package io.agentvault.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ClientsTest {
  /** A proxy that nobody is, for the loopback addresses too, which have none by themselves. */
  private static final Map<String, String> NO_ONE =
      Map.of("http.proxyHost", "127.0.0.1", "http.proxyPort", "1", "http.nonProxyHosts", "");

  private static final VaultConfig SETTINGS =
      new HandlersTest.Settings(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  @Test
  void withTheClientsMadeNoConnectionAsksForAProxy() throws IOException {
    ProxySelector selector = Objects.requireNonNull(ProxySelector.getDefault());
    AtomicInteger calls = new AtomicInteger();
    HttpServer service =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext(
        "/",
        exchange -> {
          calls.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    service.start();
    URI place = URI.create("http://127.0.0.1:" + service.getAddress().getPort());
    NO_ONE.forEach(System::setProperty);
    try {
      assertThatThrownBy(() -> open(place)).isInstanceOf(ConnectException.class);

      var _ = new Clients(SETTINGS);
      open(place);

      assertThat(calls).hasValue(1);
    } finally {
      List.copyOf(NO_ONE.keySet()).forEach(System::clearProperty);
      ProxySelector.setDefault(selector);
      service.stop(0);
    }
  }

  private static void open(URI place) throws IOException {
    assertThat(((HttpURLConnection) place.toURL().openConnection()).getResponseCode())
        .isEqualTo(200);
  }
}
