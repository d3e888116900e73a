package io.agentvault.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.agentvault.problem.Unauthorized;
import io.agentvault.problem.Unavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorKeySetTest {
  private static final Tokens ISSUER = new Tokens();
  private static final String SYMMETRIC = "{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"c2VjcmV0\"}";

  @ParameterizedTest
  @ValueSource(
      strings = {"", "nonsense-canary", "{}", "{\"keys\":[]}", "{\"keys\":[" + SYMMETRIC + "]}"})
  void whatIsNoSetOfPublicKeysIsRefusedWithoutRepeatingIt(String jwks) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OperatorKeySet.inline(jwks))
        .withMessageStartingWith("the operator JWKS")
        .withMessageNotContaining("canary")
        .withMessageNotContaining("c2VjcmV0");
  }

  @Test
  void aKeySetWhoseKeysAreNoListIsRefusedLikeAnyOther() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OperatorKeySet.inline("{\"keys\":\"canary\"}"))
        .withMessageStartingWith("the operator JWKS");
  }

  @Test
  void aPrivateKeyIsRefusedWithoutRepeatingIt() {
    String leaked = new JsonWebKeySet(ISSUER.elliptic).toJson(OutputControlLevel.INCLUDE_PRIVATE);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> OperatorKeySet.inline(leaked))
        .withMessage("the operator JWKS must hold public keys only");
  }

  @Test
  void oneSymmetricKeyAmongPublicOnesIsRefused() {
    String mixed = ISSUER.jwks().replace("{\"keys\":[", "{\"keys\":[" + SYMMETRIC + ",");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> OperatorKeySet.inline(mixed))
        .withMessage("the operator JWKS must hold public keys only");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://issuer.example/jwks",
        "ftp://localhost/jwks",
        "file:///etc/passwd",
        "http://localhost.example/jwks",
        "/jwks"
      })
  void anAddressThatIsNotSafeToFetchFromIsRefused(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OperatorKeySet.published(address))
        .withMessage("the operator JWKS URL must be https");
  }

  @Test
  void addressesThatAreSafeAreTakenAndNotTouchedBeforeUse() {
    assertThat(OperatorKeySet.published("https://issuer.invalid/jwks")).isNotNull();
    assertThat(OperatorKeySet.published("http://localhost:1/jwks")).isNotNull();
    assertThat(OperatorKeySet.published("http://127.0.0.1:1/jwks")).isNotNull();
  }

  @Test
  void publishedKeysAreFetchedOnceForManyTokens() {
    try (Published published = new Published(200, ISSUER.jwks())) {
      OperatorTokens tokens = tokens(published.resolver());
      for (int i = 0; i < 3; i++) {
        assertThat(tokens.verify(ISSUER.valid()).tenant()).isEqualTo("acme");
      }

      assertThat(published.requests).hasValue(1);
    }
  }

  @Test
  void unknownKeyIdsAreUnauthorizedAndDoNotFetchAgainAndAgain() {
    String forged = ISSUER.signed("ES256", "other", ISSUER.elliptic.getPrivateKey(), claims -> {});
    try (Published published = new Published(200, ISSUER.jwks())) {
      OperatorTokens tokens = tokens(published.resolver());
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> tokens.verify(forged)).isInstanceOf(Unauthorized.class);
      }

      assertThat(published.requests.get()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void anAddressThatNobodyAnswersAtIsUnavailableAndNotUnauthorized() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    OperatorTokens tokens = tokens(OperatorKeySet.published("http://127.0.0.1:" + port + "/jwks"));

    assertThatThrownBy(() -> tokens.verify(ISSUER.valid()))
        .isInstanceOf(Unavailable.class)
        .hasMessage("the operator key set is not available");
  }

  @Test
  void anAddressThatAnswersWithAnErrorIsUnavailable() {
    try (Published published = new Published(500, "{}")) {
      OperatorTokens tokens = tokens(published.resolver());

      assertThatThrownBy(() -> tokens.verify(ISSUER.valid())).isInstanceOf(Unavailable.class);
    }
  }

  @Test
  void anAddressThatAnswersWithSomethingElseThanKeysIsUnavailable() {
    try (Published published = new Published(200, "<html>maintenance</html>")) {
      OperatorTokens tokens = tokens(published.resolver());

      assertThatThrownBy(() -> tokens.verify(ISSUER.valid())).isInstanceOf(Unavailable.class);
    }
  }

  private static OperatorTokens tokens(VerificationKeyResolver keys) {
    return new OperatorTokens(Tokens.RULES, keys, Clock.systemUTC());
  }

  /** A key set behind an address of this machine. */
  private static final class Published implements AutoCloseable {
    private final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;

    Published(int status, String body) {
      try {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      server.createContext(
          "/jwks",
          exchange -> {
            requests.incrementAndGet();
            byte[] bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
      server.start();
    }

    VerificationKeyResolver resolver() {
      return OperatorKeySet.published(
          "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
