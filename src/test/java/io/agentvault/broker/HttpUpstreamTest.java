package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.Problem;
import io.agentvault.problem.UpstreamTimeout;
import io.agentvault.problem.UpstreamTooLarge;
import io.agentvault.problem.UpstreamUnreachable;
import io.agentvault.remote.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What upstreams that mean harm, or are broken, can do to the guarded client. */
class HttpUpstreamTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @Test
  void theCallGoesOutAsItWasMadeWithNothingOfOurs() {
    try (RawServer server = RawServer.saying(OK)) {
      Reply reply =
          upstream(server)
              .call(outgoing(server, "GET", "/a%20b?c=d", new Header("X-One", "1")), seconds(5));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).asString(UTF_8).isEqualTo("ok");
      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().getFirst().split("\r\n", -1))
          .filteredOn(line -> !line.isEmpty())
          .containsExactlyInAnyOrder(
              "GET /a%20b?c=d HTTP/1.1",
              "Host: " + server.place(),
              "X-One: 1",
              "Accept-Encoding: identity",
              "Connection: close");
    }
  }

  @Test
  void aRedirectIsAnsweredAndNotFollowed() {
    try (RawServer elsewhere = RawServer.saying(OK);
        RawServer server =
            RawServer.saying(
                "HTTP/1.1 302 Found\r\nLocation: http://"
                    + elsewhere.place()
                    + "/\r\nContent-Length: 0\r\n\r\n")) {
      Reply reply = upstream(server, elsewhere).call(outgoing(server, "GET", "/"), seconds(5));
      assertThat(reply.status()).isEqualTo(302);
      assertThat(elsewhere.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"
      })
  void anAnswerWithoutABodyIsOne(String answer) {
    try (RawServer server = RawServer.saying(answer)) {
      assertThat(upstream(server).call(outgoing(server, "GET", "/"), seconds(5)).body()).isEmpty();
    }
  }

  @Test
  void anAnswerThatIsCutAtAnyByteIsNoAnswer() {
    String whole = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    for (int cut = 0; cut < whole.length(); cut++) {
      try (RawServer server = RawServer.saying(whole.substring(0, cut))) {
        assertFails(UpstreamUnreachable.class, server, seconds(5));
        assertThat(server.requests()).as("never repeated").hasSize(1);
      }
    }
  }

  @Test
  void aBodyWithoutEndAndOneOverTheLimitAreTooLarge() {
    byte[] block = new byte[64 * 1024];
    try (RawServer endless =
            RawServer.onLoopback(
                socket -> {
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
                  while (true) {
                    socket.getOutputStream().write(block);
                  }
                });
        RawServer bomb = RawServer.onLoopback(socket -> gzip(socket.getOutputStream(), 80))) {
      assertFails(UpstreamTooLarge.class, endless, seconds(10));
      assertFails(UpstreamTooLarge.class, bomb, seconds(10));
    }
  }

  @Test
  void anEncodedBodyIsDecodedOrRefused() {
    try (RawServer gzip = RawServer.onLoopback(socket -> gzip(socket.getOutputStream(), 1));
        RawServer brotli =
            RawServer.saying(
                "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nok")) {
      Reply reply = upstream(gzip).call(outgoing(gzip, "GET", "/"), seconds(5));
      assertThat(reply.body()).hasSize(64 * 1024);
      assertThat(reply.headers()).extracting(Header::key).doesNotContain("content-encoding");
      assertFails(UpstreamUnreachable.class, brotli, seconds(5));
    }
  }

  @Test
  void headersWithoutEndAreTooLarge() {
    try (RawServer many =
            RawServer.saying("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(5_000) + "\r\n");
        RawServer longOne =
            RawServer.saying("HTTP/1.1 200 OK\r\nA: " + "b".repeat(100_000) + "\r\n\r\n")) {
      assertFails(UpstreamTooLarge.class, many, seconds(5));
      assertFails(UpstreamTooLarge.class, longOne, seconds(5));
    }
  }

  @Test
  void anUpstreamThatDripsOrHangsEndsAtTheDeadline() {
    try (RawServer drips =
            RawServer.onLoopback(
                socket -> {
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
                  while (true) {
                    socket.getOutputStream().write('x');
                    Thread.sleep(20);
                  }
                });
        RawServer hangs = RawServer.onLoopback(socket -> Thread.sleep(60_000))) {
      assertFails(UpstreamTimeout.class, drips, Deadline.after(Duration.ofMillis(400), clock()));
      assertFails(UpstreamTimeout.class, hangs, Deadline.after(Duration.ofMillis(400), clock()));
    }
  }

  @Test
  void whatCouldHarmOurOwnOriginIsDropped() {
    String answer =
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nAccess-Control-Allow-Origin: *\r\n"
            + "Clear-Site-Data: \"*\"\r\nService-Worker-Allowed: /\r\nRefresh: 0\r\nAlt-Svc: h3\r\n"
            + "WWW-Authenticate: Basic realm=x\r\nContent-Security-Policy: x\r\n"
            + "Vault-Outcome: vault\r\nConnection: X-Hop\r\nX-Kept: 1\r\nX-Kept: 2\r\n"
            + "Content-Type: text/html\r\nContent-Length: 0\r\n\r\n";
    try (RawServer server = RawServer.saying(answer)) {
      assertThat(upstream(server).call(outgoing(server, "GET", "/"), seconds(5)).headers())
          .containsExactly(
              new Header("X-Kept", "1"),
              new Header("X-Kept", "2"),
              new Header("Content-Type", "text/html"));
    }
  }

  @Test
  void plainHttpAndLoopbackAreForNamedUpstreamsOnly() {
    try (RawServer server = RawServer.saying(OK)) {
      Upstream without = upstream();
      Outgoing plain = outgoing(server, "GET", "/");
      assertThatThrownBy(() -> without.call(plain, seconds(5)))
          .isInstanceOf(UpstreamUnreachable.class);
      Target https = Target.parse("https://" + server.place() + "/");
      Outgoing overTls = new Outgoing("GET", https, List.of(), new byte[0]);
      assertThatThrownBy(() -> without.call(overTls, seconds(5)))
          .isInstanceOf(UpstreamUnreachable.class)
          .hasMessageContaining("loopback");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aNameWithOneAddressThatIsNotPublicIsNotCalled() throws IOException {
    Upstream upstream =
        new HttpUpstream(
            new Places(List.of(), Set.of()),
            host ->
                new InetAddress[] {
                  InetAddress.ofLiteral("8.8.8.8"), InetAddress.ofLiteral("169.254.169.254")
                },
            tls());
    Outgoing outgoing =
        new Outgoing("GET", Target.parse("https://two.example/"), List.of(), new byte[0]);
    assertThatThrownBy(() -> upstream.call(outgoing, seconds(5)))
        .isInstanceOf(UpstreamUnreachable.class)
        .hasMessageContaining("link_local");
  }

  @Test
  void aNameThatChangesBetweenCheckAndUseIsLookedUpOnce() {
    AtomicInteger lookUps = new AtomicInteger();
    try (RawServer inside = RawServer.saying(OK)) {
      Upstream upstream =
          new HttpUpstream(
              new Places(List.of(AddressRange.parse("10.0.0.0/8")), Set.of()),
              host ->
                  new InetAddress[] {
                    InetAddress.ofLiteral(
                        lookUps.getAndIncrement() == 0 ? "10.255.255.1" : "127.0.0.1")
                  },
              tls());
      Target target = Target.parse("https://changing.example:" + inside.port() + "/");
      Outgoing outgoing = new Outgoing("GET", target, List.of(), new byte[0]);
      assertThatThrownBy(
              () -> upstream.call(outgoing, Deadline.after(Duration.ofMillis(400), clock())))
          .isInstanceOf(Problem.class);
      assertThat(lookUps).hasValue(1);
      assertThat(inside.requests()).isEmpty();
    }
  }

  private static void gzip(OutputStream out, int blocks) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      for (int i = 0; i < blocks; i++) {
        gzip.write(new byte[64 * 1024]);
      }
    }
    out.write(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
            .getBytes(ISO_8859_1));
    out.write(zipped.toByteArray());
  }

  private static void assertFails(
      Class<? extends Problem> problem, RawServer server, Deadline deadline) {
    Upstream upstream = upstream(server);
    Outgoing outgoing = outgoing(server, "GET", "/");
    assertThatThrownBy(() -> upstream.call(outgoing, deadline)).isInstanceOf(problem);
  }

  private static Outgoing outgoing(
      RawServer server, String method, String path, Header... headers) {
    return new Outgoing(
        method, Target.parse("http://" + server.place() + path), List.of(headers), new byte[0]);
  }

  private static Upstream upstream(RawServer... servers) {
    Set<String> places = Arrays.stream(servers).map(RawServer::place).collect(Collectors.toSet());
    return new HttpUpstream(new Places(List.of(), places), InetAddress::getAllByName, tls());
  }

  private static SSLContext tls() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Clock clock() {
    return Clock.systemUTC();
  }

  private static Deadline seconds(int seconds) {
    return Deadline.after(Duration.ofSeconds(seconds), clock());
  }
}
