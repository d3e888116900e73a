package io.agentvault.threats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.api.Events;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a caller can send that means harm, to the packaged broker: nothing reaches an upstream that
 * the policy does not allow, and nothing but the policy's secret is put in.
 */
final class HostileUseIT {
  private static final String SECRET = "sk-of-the-upstream-0123456789";
  private static final UseBench BENCH = new UseBench("hostile-use");
  private static final String UP = BENCH.upstream.place();

  static {
    String host = "'host':'" + UP + "'";
    Map<String, String> key = Map.of("key", SECRET);
    BENCH.store(
        "up",
        "API_KEY",
        key,
        "'allow':[{" + host + ",'methods':['GET','POST'],'paths':['/repos/acme/**','/ok']}]");
    BENCH.store("any", "API_KEY", key, "'allow':[{" + host + "}]");
    BENCH.store(
        "header",
        "API_KEY",
        key,
        "'allow':[{" + host + "}],'as':{'type':'header','name':'X-Token','field':'key'}");
    BENCH.store(
        "query",
        "API_KEY",
        key,
        "'allow':[{" + host + "}],'as':{'type':'query','name':'api_key','field':'key'}");
    BENCH.store("stranger", "API_KEY", key, "'allow':[{'host':'" + BENCH.stranger.place() + "'}]");
  }

  @AfterAll
  static void stop() {
    BENCH.write("What hostile callers sent, and what came of it", "hostile-uses.md");
    BENCH.close();
  }

  @BeforeEach
  void forget() {
    BENCH.next.set(UseBench.saying(UseBench.OK));
    BENCH.forget();
  }

  private static String filled(String text) {
    return text.replace("UP", UP)
        .replace("PORT", Integer.toString(BENCH.upstream.port()))
        .replace("ELSEWHERE", BENCH.elsewhere.place())
        .replace("STRANGER", BENCH.stranger.place());
  }

  private static void assertRefused(String attack, Reply reply) {
    BENCH.tried(attack, reply);
    assertThat(reply.status()).as("%s: %s", attack, reply.body()).isIn(400, 403, 404);
    assertThat(BENCH.calls()).as(attack).isZero();
    assertThat(reply.body()).doesNotContain(SECRET, BENCH.agent.key());
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    http://UP/repos/acme-evil",
    "GET,    http://UP/repos/acme-evil/x",
    "GET,    http://UP/repos/acm",
    "GET,    http://UP/REPOS/acme/x",
    "GET,    http://UP/okay",
    "GET,    http://UP/",
    "GET,    http://UP/repos/acme/../evil",
    "GET,    http://UP/repos/acme/./x",
    "GET,    http://UP/repos/acme/%2e%2e/evil",
    "GET,    http://UP/repos/acme/.%2E/evil",
    "GET,    http://UP/repos/acme/%252e%252e/evil",
    "GET,    http://UP/repos/acme/..%2fevil",
    "GET,    http://UP/repos/acme/..%5cevil",
    "GET,    http://UP/repos/acme/..\\\\evil",
    "GET,    http://UP/repos/acme/..;/evil",
    "GET,    http://UP/repos/acme/x;y=z",
    "GET,    http://UP/repos/acme//evil",
    "GET,    http://UP//repos/acme/x",
    "GET,    http://UP/repos/acme/x%00",
    "GET,    http://UP/repos/acme/x%0d%0aHost:%20evil",
    "GET,    http://UP/repos/acme/x#fragment",
    "GET,    http://UP/repos/acme/%zz",
    "DELETE, http://UP/repos/acme/x",
    "HEAD,   http://UP/repos/acme/x",
    "GET,    http://ELSEWHERE/repos/acme/x",
    "GET,    http://STRANGER/repos/acme/x",
    "GET,    http://UP@ELSEWHERE/repos/acme/x",
    "GET,    http://a:b@UP/repos/acme/x",
    "GET,    http://ELSEWHERE\\\\@UP/repos/acme/x",
    "GET,    http://UP.evil.example/repos/acme/x",
    "GET,    http://127.0.0.1/repos/acme/x",
    "GET,    http://127.0.0.1:0PORT/repos/acme/x",
    "GET,    http://127.0.0.1.:PORT/repos/acme/x",
    "GET,    http://127.1:PORT/repos/acme/x",
    "GET,    http://0177.0.0.1:PORT/repos/acme/x",
    "GET,    http://0x7f.0.0.1:PORT/repos/acme/x",
    "GET,    http://0x7f000001:PORT/repos/acme/x",
    "GET,    http://2130706433:PORT/repos/acme/x",
    "GET,    http://017700000001:PORT/repos/acme/x",
    "GET,    http://127.000.000.001:PORT/repos/acme/x",
    "GET,    http://localhost:PORT/repos/acme/x",
    "GET,    http://LOCALHOST.:PORT/repos/acme/x",
    "GET,    http://[::1]:PORT/repos/acme/x",
    "GET,    http://[::ffff:127.0.0.1]:PORT/repos/acme/x",
    "GET,    http://[::7f00:1]:PORT/repos/acme/x",
    "GET,    http://[64:ff9b::7f00:1]:PORT/repos/acme/x",
    "GET,    http://[fe80::1%25eth0]:PORT/repos/acme/x",
    "GET,    http://１２７.0.0.1:PORT/repos/acme/x",
    "GET,    http://127。0。0。1:PORT/repos/acme/x",
    "GET,    http://bücher.example/repos/acme/x",
    "GET,    http:UP/repos/acme/x",
    "GET,    //UP/repos/acme/x",
    "GET,    /repos/acme/x",
    "GET,    ftp://UP/repos/acme/x",
    "GET,    file:///etc/passwd",
    "get,    http://UP/repos/acme/x",
    "Get,    http://UP/repos/acme/x",
    "TRACE,  http://UP/repos/acme/x",
    "CONNECT, http://UP/repos/acme/x",
    "PROPFIND, http://UP/repos/acme/x",
    "GET /repos/evil HTTP/1.1, http://UP/repos/acme/x",
  })
  void aUseOutsideThePolicyReachesNobody(String method, String url) {
    Reply reply = BENCH.use("up", "{'method':'" + method + "','url':'" + filled(url) + "'}");
    assertRefused(method + " " + url, reply);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/repos/acme-evil/x",
        "/repos/acme/%2e%2e/evil",
        "/repos/acme/..%2fevil",
        "/repos/acme/%252e%252e/evil",
        "/repos/acme/..%5Cevil",
        "/repos/acme/..;/evil",
        "/repos/acme/%2F/evil",
        "/repos/acme//evil",
        "/repos/acme/x%00",
        "/repos/acme/x%3By",
        "/repos/acme/x%0d%0ay"
      })
  void aProxiedPathOutsideThePolicyReachesNobodyByEitherDoor(String path) {
    assertRefused("GET …/proxy/up" + path, BENCH.proxy("GET", "up", path));
    String door = BENCH.cloud.functionUrl("broker").orElseThrow();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(door + "/v0/proxy/up" + path))
            .header("authorization", "Bearer " + BENCH.agent.key())
            .build();
    try {
      Reply reply =
          Reply.of(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()));
      assertRefused("GET of the Function URL …/proxy/up" + path, reply);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The HTTP API hands them over decoded, and could have cut the path there. */
  @ParameterizedTest
  @ValueSource(strings = {"/repos/acme/x%3Fy", "/repos/acme/x%23y"})
  void aPathThatTheGatewayMayHaveCutReachesNobody(String path) {
    assertRefused("GET …/proxy/up" + path, BENCH.proxy("GET", "up", path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "TRACE", "CONNECT", "PROPFIND", "GET\r\nX-Evil: 1", "HEAD", ""})
  void aProxiedMethodOutsideThePolicyReachesNobody(String method) {
    Reply reply = BENCH.forged(event(method, "up", "repos/acme/x", Map.of()));
    assertRefused("forged " + method.replace("\r\n", "\\r\\n") + " …/proxy/up/…", reply);
  }

  /** Hosts that a policy may well name; the broker does not call what they stand for. */
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,       loopback",
    "127.0.0.1:9001,  loopback",
    "localhost,       loopback",
    "0.0.0.0,         unspecified",
    "169.254.169.254, link_local",
    "169.254.170.2,   link_local",
    "169.254.170.23,  link_local",
    "169.254.169.123, link_local",
    "10.0.0.1,        private",
    "172.16.0.1,      private",
    "192.168.1.1,     private",
    "100.64.0.1,      shared",
    "198.18.0.1,      reserved",
    "192.0.2.1,       reserved",
    "224.0.0.1,       multicast",
    "255.255.255.255, reserved"
  })
  void anAddressThatIsNotPublicIsNotCalledWhateverThePolicySays(String host, String verdict) {
    BENCH.store("inside", "API_KEY", Map.of("key", SECRET), "'allow':[{'host':'" + host + "'}]");
    Reply reply = BENCH.use("inside", "{'method':'GET','url':'https://" + host + "/'}");
    BENCH.tried("GET https://" + host + "/", reply);
    assertThat(reply.error()).isEqualTo("upstream_unreachable");
    assertThat(reply.json().path("message").asText()).endsWith("not called: " + verdict);
    assertThat(BENCH.proxy("GET", "inside", "/").error()).isEqualTo("upstream_unreachable");
    assertRefused(
        "GET http://" + host + "/",
        BENCH.use("inside", "{'method':'GET','url':'http://" + host + "/'}"));
  }

  @Test
  void lambdasRuntimeApiIsNotCalledWhateverThePolicySays() throws IOException {
    assertThat(BENCH.use("any").status()).isEqualTo(200); // so that an instance runs
    for (var instance : BENCH.cloud.function("broker").instances()) {
      Path environ = Path.of("/proc", Long.toString(instance.pid()), "environ");
      String runtime =
          Arrays.stream(Files.readString(environ).split("\0", -1))
              .filter(each -> each.startsWith("AWS_LAMBDA_RUNTIME_API="))
              .map(each -> each.substring(each.indexOf('=') + 1))
              .findFirst()
              .orElseThrow();
      BENCH.store(
          "runtime", "API_KEY", Map.of("key", SECRET), "'allow':[{'host':'" + runtime + "'}]");
      BENCH.forget();
      String next = "/2018-06-01/runtime/invocation/next";
      Reply reply = BENCH.use("runtime", "{'method':'GET','url':'https://" + runtime + next + "'}");
      BENCH.tried("GET https://RUNTIME-API" + next, reply);
      assertThat(reply.json().path("message").asText()).endsWith("not called: loopback");
      assertRefused(
          "GET http://RUNTIME-API" + next,
          BENCH.use("runtime", "{'method':'GET','url':'http://" + runtime + next + "'}"));
    }
  }

  @Test
  void aPlaceOfThisMachineThatTheDeploymentDidNotNameIsNotCalled() {
    String at = BENCH.stranger.place();
    assertRefused(
        "GET http://STRANGER/",
        BENCH.use("stranger", "{'method':'GET','url':'http://" + at + "/'}"));
    Reply reply = BENCH.use("stranger", "{'method':'GET','url':'https://" + at + "/'}");
    BENCH.tried("GET https://STRANGER/", reply);
    assertThat(reply.error()).isEqualTo("upstream_unreachable");
    assertThat(BENCH.proxy("GET", "stranger", "/").error()).isEqualTo("upstream_unreachable");
    assertThat(BENCH.calls()).isZero();
  }

  private static ObjectNode event(
      String method, String label, String path, Map<String, String> headers) {
    ObjectNode event = Events.http(method, "/v0/proxy/" + label + "/" + path, BENCH.agent.key());
    event.putObject("pathParameters").put("label", label).put("path", path);
    headers.forEach((name, value) -> Events.withHeader(event, name, value));
    return event;
  }

  private static final List<String> OURS =
      List.of("host: " + UP, "accept-encoding: identity", "connection: close");

  /** The header lines of the one request that reached the upstream, names in lower case. */
  private static List<String> reached() {
    assertThat(BENCH.upstream.requests()).hasSize(1);
    String head = BENCH.upstream.requests().getFirst().split("\r\n\r\n", 2)[0];
    return Arrays.stream(head.split("\r\n", -1))
        .skip(1)
        .map(
            line ->
                line.substring(0, line.indexOf(':')).toLowerCase(java.util.Locale.ROOT)
                    + line.substring(line.indexOf(':')))
        .toList();
  }

  private static final List<String> FORGED =
      List.of(
          "Authorization",
          "AUTHORIZATION",
          "Host",
          "Content-Length",
          "Transfer-Encoding",
          "Transfer_Encoding",
          "TE",
          "Trailer",
          "Connection",
          "Keep-Alive",
          "Upgrade",
          "HTTP2-Settings",
          "Expect",
          "Cookie",
          "Range",
          "If-Range",
          "Accept-Encoding",
          "Via",
          "Forwarded",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Real-IP",
          "X-Amzn-Trace-Id",
          "X-Amz-Cf-Id",
          "Proxy-Authorization",
          "Sec-Fetch-Site",
          "X-HTTP-Method",
          "X-HTTP-Method-Override",
          "X_HTTP_METHOD_OVERRIDE",
          "X-Method-Override",
          "X-Original-URL",
          "X-Rewrite-URL");

  @Test
  void theCallersOwnFramingHostAndAuthorizationReachNobody() {
    StringBuilder fields = new StringBuilder("'Idempotency-Key':'1'");
    FORGED.forEach(name -> fields.append(",'").append(name).append("':'mine'"));
    Reply used =
        BENCH.use("any", "{'method':'GET','url':'http://" + UP + "/','headers':{" + fields + "}}");
    BENCH.tried("every header of the message and of its way, in a use", used);
    assertThat(used.status()).isEqualTo(200);
    List<String> expected =
        new java.util.ArrayList<>(List.of("idempotency-key: 1", "authorization: Bearer " + SECRET));
    expected.addAll(OURS);
    assertThat(reached()).containsExactlyInAnyOrderElementsOf(expected);

    BENCH.forget();
    ObjectNode event = event("GET", "any", "", Map.of("x-api-key", BENCH.agent.key()));
    event.withObject("headers").remove("authorization");
    FORGED.stream()
        .filter(name -> !name.equals("AUTHORIZATION"))
        .forEach(name -> Events.withHeader(event, name, "mine"));
    Events.withHeader(event, "Idempotency-Key", "1");
    event.putArray("cookies").add("a=b");
    Reply proxied = BENCH.forged(event);
    BENCH.tried("the same in the proxy form", proxied);
    assertThat(proxied.status()).isEqualTo(200);
    assertThat(reached()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void aHeaderThatConnectionNamesAndADuplicateOfTheSecretsAreDropped() {
    Reply reply =
        BENCH.use(
            "header",
            "{'method':'GET','url':'http://"
                + UP
                + "/','headers':{'Connection':'X-Token, X-Hop','X-Hop':'1',"
                + "'X-TOKEN':['mine','mine too'],'x_token':'as CGI reads it','X-Kept':['1','2']}}");
    BENCH.tried("Connection naming the secret's header, and duplicates of it", reply);
    assertThat(reached()).contains("x-token: " + SECRET, "x-kept: 1", "x-kept: 2");
    assertThat(reached()).filteredOn(line -> line.matches("x.(token|hop):.*")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'X-A':'b\\r\\nX-Evil: 1'",
        "'X-A':'b\\nX-Evil: 1'",
        "'X-A':'b\\u0000'",
        "'X-A\\r\\nX-Evil':'1'",
        "'X-A: 1':'1'",
        "'':'1'",
        "'X-A':{'b':'c'}"
      })
  void aHeaderThatWouldBecomeTwoIsRefused(String headers) {
    Reply reply =
        BENCH.use("any", "{'method':'GET','url':'http://" + UP + "/','headers':{" + headers + "}}");
    assertRefused("headers " + headers.replace("\\", "\\\\"), reply);
    BENCH.forget();
    Reply proxied =
        BENCH.forged(event("GET", "any", "", Map.of("X-A", "b\r\nX-Evil: 1", "X-B\r\n", "1")));
    assertThat(proxied.status()).isEqualTo(200);
    assertThat(reached()).noneMatch(line -> line.matches("x-(evil|a|b).*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api_key=mine",
        "API_KEY=mine",
        "%61pi_key=mine",
        "a=1&api_key=mine&api_key=too",
        "api_key",
        "api%5Fkey=mine"
      })
  void theCallersOwnParameterOfTheSecretsNameIsDropped(String query) {
    Reply reply = BENCH.proxy("GET", "query", "/x?" + query);
    BENCH.tried("?" + query + " where the secret is api_key", reply);
    assertThat(BENCH.upstream.requests().getFirst().split(" ", 3)[1])
        .isEqualTo("/x?" + (query.startsWith("a=1") ? "a=1&" : "") + "api_key=" + SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization|Bearer KEY",
        "Authorization|token KEY",
        "Authorization|KEY",
        "Authorization|Basic base64(KEY:)",
        "Authorization|Basic base64(me:KEY)",
        "X-Api-Key|KEY",
        "Api-Key|KEY",
        "X-Goog-Api-Key|KEY",
        "Private-Token|KEY",
        "X-Token|KEY"
      })
  void theKeyIsTakenWhereAnSdkPutsItAndGoesNoFurther(String place) {
    String name = place.substring(0, place.indexOf('|'));
    String value = place.substring(place.indexOf('|') + 1).replace("KEY", BENCH.agent.key());
    if (value.contains("base64(")) {
      String pair = value.substring(value.indexOf('(') + 1, value.length() - 1);
      value = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
    ObjectNode event = event("GET", "header", "", Map.of());
    event.withObject("headers").remove("authorization");
    Reply reply = BENCH.forged(Events.withHeader(event, name, value));
    BENCH.tried("the vault key in " + place, reply);
    assertThat(reply.status()).isEqualTo(200);
    String sent = BENCH.upstream.requests().getFirst();
    assertThat(sent).contains("X-Token: " + SECRET).doesNotContain(BENCH.agent.key(), value);
    assertThat(reached()).noneMatch(line -> line.startsWith("authorization"));
  }

  @Test
  void aVaultKeyAnywhereElseIsRefused() {
    String key = BENCH.agent.key();
    String other = BENCH.gate.agent().key();
    assertRefused("a vault key in the path", BENCH.proxy("GET", "any", "/" + key));
    assertRefused("a vault key in the query", BENCH.proxy("GET", "any", "/x?k=" + key));
    assertRefused(
        "a vault key in the query, encoded",
        BENCH.proxy("GET", "any", "/x?k=" + other.replace("_", "%5F")));
    assertRefused(
        "a vault key in the body",
        BENCH.gate.send("POST", "/v0/proxy/any/x", key, "{\"k\":\"" + other + "\"}"));
    assertRefused("two vault keys", BENCH.proxy("GET", "any", "/x", "x-api-key", other));
    assertRefused("the vault key as user agent", BENCH.proxy("GET", "any", "/", "user-agent", key));
    for (String field :
        List.of(
            "'headers':{'X-A':'KEY'}",
            "'query':{'a':'KEY'}",
            "'body':'KEY'",
            "'bodyBase64':'BASE64'")) {
      String base64 = Base64.getEncoder().encodeToString(other.getBytes(StandardCharsets.UTF_8));
      Reply reply =
          BENCH.use(
              "any",
              "{'method':'POST','url':'http://"
                  + UP
                  + "/',"
                  + field.replace("KEY", other).replace("BASE64", base64)
                  + "}");
      assertRefused("a vault key in a use's " + field, reply);
    }
  }

  @Test
  void aPageVisitIsRefusedAndABodyOverTheLimitIsTooLarge() {
    assertRefused(
        "a browser that visits the proxy",
        BENCH.forged(event("GET", "any", "", Map.of("sec-fetch-mode", "navigate"))));
    ObjectNode large = event("POST", "any", "", Map.of());
    large.put("body", "x".repeat((4 << 20) + 1));
    Reply reply = BENCH.forged(large);
    BENCH.tried("a body of 4 MiB and a byte", reply);
    assertThat(reply.status()).isEqualTo(413);
    assertThat(BENCH.calls()).isZero();
  }

  @Test
  void aRequestHiddenInABodyIsABody() {
    String hidden = "0\r\n\r\nDELETE /evil HTTP/1.1\r\nHost: x\r\n\r\n";
    ObjectNode event =
        event("POST", "any", "x", Map.of("transfer-encoding", "chunked", "content-length", "0"));
    Reply reply = BENCH.forged(event.put("body", hidden));
    BENCH.tried("a request hidden behind Transfer-Encoding and Content-Length", reply);
    assertThat(BENCH.upstream.requests()).hasSize(1);
    assertThat(BENCH.upstream.requests().getFirst())
        .startsWith("POST /x HTTP/1.1\r\n")
        .endsWith("\r\n\r\n" + hidden)
        .containsIgnoringCase("Content-Length: " + hidden.length())
        .doesNotContainIgnoringCase("transfer-encoding");
  }

  @Test
  void nobodyUsesWhatIsAnothersOrNoLongerTheirs() {
    Agent other = BENCH.gate.agent();
    Reply reply = BENCH.gate.send("GET", "/v0/proxy/any/", other.key(), "");
    assertRefused("another agent's key", reply);
    assertThat(reply.status()).isEqualTo(404);
    String operator = BENCH.gate.operator(other.tenant());
    BENCH.gate.send("DELETE", "/v0/platform/identities/" + other.id(), operator, "");
    Reply after = BENCH.gate.send("GET", "/v0/proxy/any/", other.key(), "");
    BENCH.tried("a revoked agent's key", after);
    assertThat(after.status()).isEqualTo(401);
    Reply none = BENCH.gate.send("GET", "/v0/proxy/any/", "", "");
    BENCH.tried("no key", none);
    assertThat(none.status()).isEqualTo(401);
    assertThat(BENCH.calls()).isZero();
  }
}
