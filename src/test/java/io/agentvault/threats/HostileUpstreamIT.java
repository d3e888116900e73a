package io.agentvault.threats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.broker.RawServer.Answering;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an upstream can answer that means harm or is broken, to the packaged broker, in both forms:
 * no secret comes back, nothing is followed, nothing is asked twice.
 */
final class HostileUpstreamIT {
  private static final Canary SECRET = Canary.fresh("upstream's key");
  private static final UseBench BENCH = new UseBench("hostile-upstream");
  private static final String UNREACHABLE = "upstream_unreachable";
  private static final String TOO_LARGE = "upstream_too_large";
  private static final String TIMEOUT = "upstream_timeout";

  static {
    BENCH.store(
        "up",
        "API_KEY",
        Map.of("key", SECRET.text()),
        "'allow':[{'host':'" + BENCH.upstream.place() + "'}]");
  }

  @AfterAll
  static void stop() {
    BENCH.write("What hostile upstreams answered, and what came of it", "hostile-upstreams.md");
    BENCH.close();
  }

  @BeforeEach
  void forget() {
    BENCH.forget();
  }

  /**
   * An answer, and what becomes of it.
   *
   * @param passes the upstream's status where its answer goes through; else 0
   * @param code ours where it does not
   */
  private record Case(String attack, Answering answer, int passes, String code) {
    static Case passing(String attack, int status, String answer) {
      return new Case(attack, UseBench.saying(answer), status, "");
    }

    static Case failing(String attack, String code, String answer) {
      return new Case(attack, UseBench.saying(answer), 0, code);
    }

    @Override
    public String toString() {
      return attack;
    }
  }

  private static String ok(String headers, String body) {
    return "HTTP/1.1 200 OK\r\n" + headers + "Connection: close\r\n\r\n" + body;
  }

  private static String redirect(int status) {
    return "HTTP/1.1 "
        + status
        + " Moved\r\nLocation: http://"
        + BENCH.elsewhere.place()
        + "/?k="
        + SECRET.text()
        + "\r\nContent-Length: 0\r\n\r\n";
  }

  private static String zipped(String encoding, int mebibytes, String text) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (var out =
          encoding.equals("gzip") ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
        out.write(text.getBytes(ISO_8859_1));
        for (int i = 0; i < mebibytes; i++) {
          out.write(new byte[1 << 20]);
        }
      }
      return bytes.toString(ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Case> answers() {
    List<Case> cases = new ArrayList<>();
    for (int status : new int[] {300, 301, 302, 303, 307, 308}) {
      cases.add(Case.passing(status + " to elsewhere", status, redirect(status)));
    }
    cases.addAll(withoutBody());
    cases.addAll(encoded());
    cases.addAll(framing());
    cases.addAll(repeating());
    cases.addAll(oversized());
    return cases.stream();
  }

  private static List<Case> withoutBody() {
    String no = "HTTP/1.1 204 No Content\r\n\r\n";
    return List.of(
        Case.passing("204", 204, no),
        Case.passing("204 with a body behind it", 204, no + SECRET.text()),
        Case.passing("304 with a length", 304, "HTTP/1.1 304 X\r\nContent-Length: 9\r\n\r\n"),
        Case.passing("100 unasked, then 204", 204, "HTTP/1.1 100 Continue\r\n\r\n" + no),
        Case.passing(
            "103 a hundred times, then 204",
            204,
            "HTTP/1.1 103 Early Hints\r\nX-Key: %s\r\n\r\n".formatted(SECRET.text()).repeat(100)
                + no),
        Case.failing(
            "101 unasked",
            UNREACHABLE,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhi"));
  }

  private static List<Case> encoded() {
    String gzip = zipped("gzip", 0, SECRET.text());
    return List.of(
        Case.passing("gzip unasked", 200, ok("Content-Encoding: gzip\r\n", gzip)),
        Case.passing("X-Gzip unasked", 200, ok("Content-Encoding: X-GZIP\r\n", gzip)),
        Case.passing(
            "deflate unasked",
            200,
            ok("Content-Encoding: deflate\r\n", zipped("deflate", 0, SECRET.text()))),
        Case.failing("brotli", UNREACHABLE, ok("Content-Encoding: br\r\n", gzip)),
        Case.failing("gzip twice", UNREACHABLE, ok("Content-Encoding: gzip, gzip\r\n", gzip)),
        Case.failing(
            "gzip twice, on two lines",
            UNREACHABLE,
            ok("Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n", gzip)),
        Case.passing(
            "gzip behind identity, on a line of its own",
            200,
            ok("Content-Encoding: identity\r\nContent-Encoding: gzip\r\n", gzip)),
        Case.failing("gzip that is none", UNREACHABLE, ok("Content-Encoding: gzip\r\n", "plain")),
        Case.failing(
            "gzip that is cut",
            UNREACHABLE,
            ok("Content-Encoding: gzip\r\n", gzip.substring(0, gzip.length() / 2))),
        Case.failing(
            "gzip as transfer coding",
            UNREACHABLE,
            ok("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")),
        Case.failing(
            "a gzip bomb", TOO_LARGE, ok("Content-Encoding: gzip\r\n", zipped("gzip", 64, ""))));
  }

  private static List<Case> framing() {
    String chunked = "Transfer-Encoding: chunked\r\n";
    return List.of(
        Case.failing("no HTTP", UNREACHABLE, "hello\r\n\r\n"),
        Case.failing("silence", UNREACHABLE, ""),
        Case.failing("HTTP/0.9", UNREACHABLE, "<html>" + SECRET.text() + "</html>"),
        Case.failing("a status that is no number", UNREACHABLE, "HTTP/1.1 OK 200\r\n\r\n"),
        Case.failing("status 099", UNREACHABLE, "HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n"),
        Case.failing("status 600", UNREACHABLE, "HTTP/1.1 600 X\r\nContent-Length: 0\r\n\r\n"),
        Case.failing("status 999", UNREACHABLE, "HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n"),
        Case.failing("a negative length", UNREACHABLE, ok("Content-Length: -1\r\n", "ok")),
        Case.failing(
            "two lengths", UNREACHABLE, ok("Content-Length: 2\r\nContent-Length: 3\r\n", "okk")),
        Case.failing("a length that is no number", UNREACHABLE, ok("Content-Length: 2x\r\n", "ok")),
        Case.failing("a chunk of negative size", UNREACHABLE, ok(chunked, "-2\r\nok\r\n0\r\n\r\n")),
        Case.failing("a chunk without size", UNREACHABLE, ok(chunked, "\r\nok\r\n0\r\n\r\n")),
        Case.failing(
            "a chunk larger than its bytes",
            UNREACHABLE,
            ok(chunked, "ffffffff\r\nok\r\n0\r\n\r\n")),
        Case.failing("no last chunk", UNREACHABLE, ok(chunked, "2\r\nok\r\n")),
        Case.passing(
            "a second answer behind the first",
            200,
            ok("Content-Length: 2\r\n", "ok" + "HTTP/1.1 200 OK\r\nX-Key: " + SECRET.text())),
        Case.passing(
            "a header with a line end in it",
            200,
            ok("X-A: a\rSet-Cookie: b=c\r\nX-B: a\0b\r\nContent-Length: 2\r\n", "ok")),
        Case.failing("a header's name with a space", UNREACHABLE, ok("X-A : b\r\n", "ok")),
        Case.failing("a header without a name", UNREACHABLE, ok(": a\r\n", "ok")),
        Case.failing("a header without a colon", UNREACHABLE, ok("X-A\r\n", "ok")));
  }

  private static List<Case> repeating() {
    String key = SECRET.text();
    return List.of(
        Case.passing(
            "the key in the reason", 200, "HTTP/1.1 200 " + key + ok("", "").substring(15)),
        Case.passing("the key as a header's name", 200, ok("X-" + key + ": 1\r\n", "ok")),
        Case.passing("the key in a header", 200, ok("X-Key: Bearer " + key + "\r\n", "ok")),
        Case.passing("the key as content type", 200, ok("Content-Type: " + key + "\r\n", "ok")),
        Case.passing(
            "the key in a trailer",
            200,
            ok("Transfer-Encoding: chunked\r\n", "2\r\nok\r\n0\r\nX-Key: " + key + "\r\n\r\n")),
        Case.passing(
            "the key over a chunk's border",
            200,
            ok(
                "Transfer-Encoding: chunked\r\n",
                "5\r\n"
                    + key.substring(0, 5)
                    + "\r\n"
                    + Integer.toHexString(key.length() - 5)
                    + "\r\n"
                    + key.substring(5)
                    + "\r\n0\r\n\r\n")),
        Case.passing("the vault's own key", 200, ok("", "you are " + BENCH.agent.key())),
        Case.passing(
            "206 with a slice that nobody asked for",
            206,
            ok("Content-Range: bytes 0-99/200\r\n", key).replace("200 OK", "206 X")));
  }

  private static List<Case> oversized() {
    return List.of(
        Case.failing("5,000 headers", TOO_LARGE, ok("A: b\r\n".repeat(5_000), "")),
        Case.failing("a header of 100 KB", TOO_LARGE, ok("A: " + "b".repeat(100_000) + "\r\n", "")),
        Case.failing(
            "a body of 5 MiB", TOO_LARGE, ok("Content-Length: 5242880\r\n", "x".repeat(5 << 20))),
        new Case("a body that never ends", endless(ok("", ""), "x".repeat(65_536)), 0, TOO_LARGE),
        new Case(
            "chunks that never end",
            endless(
                ok("Transfer-Encoding: chunked\r\n", ""), "8000\r\n" + "x".repeat(0x8000) + "\r\n"),
            0,
            TOO_LARGE),
        new Case(
            "a length of 8 EiB",
            endless(ok("Content-Length: 9223372036854775807\r\n", ""), "x".repeat(65_536)),
            0,
            TOO_LARGE));
  }

  private static Answering endless(String head, String again) {
    return (socket, sent) -> {
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      byte[] block = again.getBytes(ISO_8859_1);
      while (true) {
        socket.getOutputStream().write(block);
      }
    };
  }

  @ParameterizedTest
  @MethodSource("answers")
  void anAnswerLeaksNothingAndIsAskedForOnce(Case each) {
    BENCH.next.set(each.answer);
    Reply proxied = BENCH.proxy("GET", "up", "/");
    BENCH.tried(each.attack, proxied);
    assertThat(proxied.headers().firstValue("vault-outcome"))
        .contains(each.code.isEmpty() ? "upstream" : "vault");
    if (each.code.isEmpty()) {
      assertThat(proxied.status()).isEqualTo(each.passes);
      if (each.attack.matches("(?i).*(gzip|deflate).*")) {
        assertThat(proxied.body()).as("decoded and searched").isEqualTo("[scrubbed]");
      }
    } else {
      assertThat(proxied.error()).isEqualTo(each.code);
      assertThat(proxied.headers().firstValue("x-should-retry")).contains("false");
    }
    assertNothingOf(proxied);
    assertThat(BENCH.upstream.requests()).hasSize(1);

    Reply used = BENCH.use("up");
    if (each.code.isEmpty()) {
      assertThat(used.json().path("status").asInt()).isEqualTo(each.passes);
      assertThat(used.status()).isEqualTo(200);
    } else {
      assertThat(used.error()).isEqualTo(each.code);
    }
    assertNothingOf(used);
    assertThat(BENCH.upstream.requests()).hasSize(2);
    assertThat(BENCH.elsewhere.requests()).isEmpty();
  }

  private static void assertNothingOf(Reply reply) {
    String all = reply.headers().map() + reply.body();
    assertThat(SECRET.isIn(all)).as("the secret is in the answer").isFalse();
    assertThat(all).doesNotContain(BENCH.agent.key());
    assertThat(reply.headers().firstValue("set-cookie")).isEmpty();
  }

  static final List<String> WHOLE =
      List.of(
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

  @ParameterizedTest
  @FieldSource("WHOLE")
  void anAnswerThatIsCutAtAnyByteIsNoAnswerAndIsNotAskedForAgain(String whole) {
    // what stands behind the last chunk's size tells nothing new
    int end = whole.contains("chunked") ? whole.lastIndexOf('0') + 1 : whole.length();
    for (int cut = 0; cut < end; cut++) {
      BENCH.next.set(UseBench.saying(whole.substring(0, cut)));
      BENCH.forget();
      Reply reply = BENCH.proxy("GET", "up", "/");
      assertThat(reply.error()).as("cut at %s", cut).isEqualTo(UNREACHABLE);
      assertThat(BENCH.upstream.requests()).hasSize(1);
    }
    BENCH.next.set(UseBench.saying(whole));
    assertThat(BENCH.proxy("GET", "up", "/").body()).isEqualTo("hello");
  }

  @Test
  void htmlIsNoPageOfOurOriginAndWhatCommandsABrowserIsDropped() {
    BENCH.next.set(
        UseBench.saying(
            ok(
                "Content-Type: text/html\r\nSet-Cookie: a=b\r\nAccess-Control-Allow-Origin: *\r\n"
                    + "Content-Security-Policy: script-src *\r\nClear-Site-Data: \"*\"\r\n"
                    + "Service-Worker-Allowed: /\r\nRefresh: 0; url=/deposit\r\nAlt-Svc: h3=\":1\"\r\n"
                    + "WWW-Authenticate: Basic realm=\"vault\"\r\nVault-Outcome: vault\r\n"
                    + "X-Content-Type-Options: off\r\nAuthorization: Bearer x\r\n",
                "<script>fetch('/v0/vault')</script>")));
    Reply reply = BENCH.proxy("GET", "up", "/");
    BENCH.tried("HTML that would run on our origin", reply);
    Map<String, List<String>> headers = reply.headers().map();
    assertThat(headers)
        .containsEntry("content-security-policy", List.of("sandbox; default-src 'none'"))
        .containsEntry("x-content-type-options", List.of("nosniff"))
        .containsEntry("vault-outcome", List.of("upstream"))
        .containsEntry("content-type", List.of("text/html"))
        .doesNotContainKeys(
            "set-cookie",
            "access-control-allow-origin",
            "clear-site-data",
            "service-worker-allowed",
            "refresh",
            "alt-svc",
            "www-authenticate",
            "x-amzn-remapped-www-authenticate",
            "authorization");
  }

  private static Answering dripping(String head, String drop) {
    return (socket, sent) -> {
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      while (true) {
        socket.getOutputStream().write(drop.getBytes(ISO_8859_1));
        Thread.sleep(50);
      }
    };
  }

  /** As many instances as there will be calls at once: a start takes of the time that they have. */
  private static void startInstances(ExecutorService threads, int calls)
      throws InterruptedException, ExecutionException {
    BENCH.next.set(
        (socket, sent) -> {
          Thread.sleep(500);
          UseBench.saying(UseBench.OK).run(socket, sent);
        });
    Callable<Reply> quick = () -> BENCH.proxy("GET", "up", "/");
    for (int tries = 0; tries < 10; tries++) {
      boolean allThere = true;
      for (Future<Reply> each : threads.invokeAll(Collections.nCopies(calls, quick))) {
        allThere &= each.get().status() == 200;
      }
      if (allThere) {
        break;
      }
    }
    BENCH.forget();
  }

  /** All at once: each takes as long as the broker has. */
  @Test
  void anUpstreamThatHangsOrDripsEndsAtTheDeadlineAndIsNotAskedAgain() {
    Map<String, Answering> slow =
        Map.of(
            "/hangs",
            (socket, sent) -> Thread.sleep(60_000),
            "/drips-its-head",
            dripping("HTTP/1.1 200 OK\r\n", "X-Key: " + SECRET.text() + "\r\n"),
            "/drips-its-body",
            dripping(ok("", ""), "x"),
            "/drips-103",
            dripping("", "HTTP/1.1 103 Early Hints\r\n\r\n"));
    try (ExecutorService threads = Executors.newFixedThreadPool(slow.size())) {
      startInstances(threads, slow.size());
      BENCH.next.set(
          (socket, sent) -> {
            Answering answer = slow.get(sent.split(" ", 3)[1]);
            if (answer != null) {
              answer.run(socket, sent);
            }
          });
      Map<String, Future<Reply>> replies = new java.util.TreeMap<>();
      slow.keySet()
          .forEach(path -> replies.put(path, threads.submit(() -> BENCH.proxy("GET", "up", path))));
      for (Map.Entry<String, Future<Reply>> each : replies.entrySet()) {
        Reply reply = each.getValue().get();
        BENCH.tried("an upstream that " + each.getKey().substring(1).replace('-', ' '), reply);
        assertThat(reply.error()).as(each.getKey()).isIn(TIMEOUT, TOO_LARGE);
        assertThat(reply.headers().firstValue("stripe-should-retry")).contains("false");
        assertNothingOf(reply);
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
    assertThat(BENCH.upstream.requests()).hasSize(slow.size());
  }

  static Stream<Arguments> methods() {
    return Stream.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS").map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void whateverTheMethodAFailureIsNotRepeated(String method) {
    BENCH.next.set(
        UseBench.saying("HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"));
    assertThat(BENCH.proxy(method, "up", "/").status()).isEqualTo(503);
    BENCH.next.set(UseBench.saying(""));
    assertThat(BENCH.proxy(method, "up", "/").status()).isEqualTo(502);
    assertThat(BENCH.upstream.requests()).hasSize(2);
  }
}
