package io.agentvault.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.host.Json;
import io.agentvault.local.runtime.Invocation;
import io.agentvault.local.runtime.Invoker;
import io.agentvault.local.runtime.Outcome;
import io.agentvault.local.template.Template;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpGatewayTest {
  private static final Template.Throttle FREE = Template.Throttle.NONE;
  private static final List<Template.Route> ROUTES =
      List.of(
          new Template.Route("Api", "echo", "GET", "/items", FREE),
          new Template.Route("Api", "echo", "POST", "/items", new Template.Throttle(0.001, 2)),
          new Template.Route("Api", "echo", "GET", "/items/{id}", FREE),
          new Template.Route("Api", "echo", "GET", "/items/{id}/parts/{part}", FREE),
          new Template.Route("Api", "literal", "GET", "/items/special", FREE),
          new Template.Route("Api", "echo", "ANY", "/all/{rest+}", FREE),
          new Template.Route("Api", "echo", "GET", "/closed", new Template.Throttle(0, 0)));

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpGateway gateway = gateway((function, event) -> answer(event));

  private static HttpGateway gateway(Invoker invoker) {
    return new HttpGateway(0, ROUTES, false, invoker);
  }

  private static Invocation answer(byte[] payload) {
    return new Invocation("r", new Outcome.Answer(payload), 1, false, Duration.ZERO);
  }

  private static Invocation answer(String payload) {
    return answer(payload.getBytes(StandardCharsets.UTF_8));
  }

  private void use(HttpGateway other) {
    gateway.close();
    gateway = other;
  }

  @AfterEach
  void stop() {
    gateway.close();
    client.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(gateway.url() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonObject event(HttpRequest.Builder request) throws IOException, InterruptedException {
    return Json.read(send(request).body());
  }

  @Test
  void aRequestBecomesAnEventOfFormatTwo() throws IOException, InterruptedException {
    JsonObject event =
        event(
            request("/items/a%20%C3%A9+b?x=1&y=a%20b+c&x=2&z")
                .header("X-Twice", "one")
                .header("X-Twice", "two")
                .header("Cookie", "a=1; b=2")
                .header("User-Agent", "test/1"));
    assertThat(event.getString("version")).isEqualTo("2.0");
    assertThat(event.getString("routeKey")).isEqualTo("GET /items/{id}");
    assertThat(event.getString("rawPath")).isEqualTo("/items/a é+b");
    assertThat(event.getString("rawQueryString")).isEqualTo("x=1&y=a%20b+c&x=2&z");
    assertThat(event.getJsonObject("pathParameters").getString("id")).isEqualTo("a é+b");
    assertThat(event.getJsonObject("queryStringParameters").toString())
        .isEqualTo("{\"x\":\"1,2\",\"y\":\"a b c\",\"z\":\"\"}");
    assertThat(event.getJsonObject("headers").getString("x-twice")).isEqualTo("one,two");
    assertThat(event.getJsonObject("headers"))
        .doesNotContainKeys("cookie", "X-Twice", "connection");
    assertThat(event.getJsonArray("cookies").toString()).isEqualTo("[\"a=1\",\"b=2\"]");
    assertThat(event.containsKey("body")).isFalse();
    assertThat(event.getBoolean("isBase64Encoded")).isFalse();
    JsonObject context = event.getJsonObject("requestContext");
    assertThat(context.getString("stage")).isEqualTo("$default");
    assertThat(context.getString("time")).matches("\\d\\d/[A-Z][a-z]{2}/\\d{4}:[\\d:]{8} \\+0000");
    assertThat(context).doesNotContainKey("authorizer");
    assertThat(context.getJsonObject("http").toString())
        .isEqualTo(
            "{\"method\":\"GET\",\"path\":\"/items/a é+b\",\"protocol\":\"HTTP/1.1\","
                + "\"sourceIp\":\"127.0.0.1\",\"userAgent\":\"test/1\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, {\"a\":1}, {\"a\":1}, false",
    "application/json; charset=utf-8, é, é, false",
    "text/plain, hello, hello, false",
    "application/problem+json, x, x, false",
    "application/octet-stream, hello, aGVsbG8=, true",
    "application/x-www-form-urlencoded, a=b, YT1i, true"
  })
  void textIsPassedAsItIsAndAnythingElseInBase64(
      String type, String body, String expected, boolean base64)
      throws IOException, InterruptedException {
    JsonObject event =
        event(
            request("/items")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    assertThat(event.getString("body")).isEqualTo(expected);
    assertThat(event.getBoolean("isBase64Encoded")).isEqualTo(base64);
  }

  @ParameterizedTest
  @CsvSource({
    "/items/special, literal",
    "/items/other, echo",
    "/all/a/b/c, echo",
    "/items/1/parts/2, echo"
  })
  void theMostSpecificRouteTakesTheRequest(String path, String function)
      throws IOException, InterruptedException {
    use(gateway((name, event) -> answer("\"" + name + "\"")));
    assertThat(send(request(path)).body()).isEqualTo("\"" + function + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/item", "/items/", "/items/a/b", "/items/a%2Fb", "/items/a%2fb"})
  void aPathOfNoRouteIsNotFound(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = send(request(path));
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).isEqualTo("{\"message\":\"Not Found\"}");
    assertThat(response.headers().firstValue("apigw-requestid")).isPresent();
  }

  @Test
  void theDefaultRouteTakesWhatNoOtherDoesAndAGreedyOneComesBeforeIt()
      throws IOException, InterruptedException {
    List<Template.Route> routes = new ArrayList<>(ROUTES);
    routes.addFirst(new Template.Route("Api", "default", "ANY", "$default", FREE));
    routes.add(new Template.Route("Api", "deeper", "ANY", "/all/{one}/x/{rest+}", FREE));
    use(new HttpGateway(0, routes, false, (name, event) -> answer("\"" + name + "\"")));
    assertThat(send(request("/nowhere")).body()).isEqualTo("\"default\"");
    assertThat(send(request("/all/a/b")).body()).isEqualTo("\"echo\"");
    assertThat(send(request("/all/a/x/b")).body()).isEqualTo("\"deeper\"");
  }

  @Test
  void aQuestionMarkThatWasEncodedEndsThePathThatTheFunctionSees()
      throws IOException, InterruptedException {
    JsonObject event = event(request("/items/a%3Fb%25?x=1"));
    assertThat(event.getString("rawPath")).isEqualTo("/items/a");
    assertThat(event.getJsonObject("pathParameters").getString("id")).isEqualTo("a?b%");
    assertThat(event.getString("rawQueryString")).isEqualTo("x=1");
  }

  @Test
  void aFunctionUrlHandsThePathOverAsItWasSent() throws IOException, InterruptedException {
    try (FunctionUrl url = new FunctionUrl(0, "echo", (function, event) -> answer(event))) {
      JsonObject event =
          event(HttpRequest.newBuilder(URI.create(url.url() + "/p/a%2Fb%3f/%20+?q=%20")));
      assertThat(event.getString("rawPath")).isEqualTo("/p/a%2Fb%3f/%20+");
      assertThat(event.getString("routeKey")).isEqualTo("$default");
      assertThat(event.getString("rawQueryString")).isEqualTo("q=%20");
      assertThat(event).doesNotContainKey("pathParameters");
      assertThat(event.getJsonObject("requestContext").getString("domainName"))
          .isEqualTo(URI.create(url.url()).getAuthority());
    }
  }

  @Test
  void aFunctionUrlSaysNothingOfAFunctionsError() throws IOException, InterruptedException {
    Outcome error = Outcome.Failure.of("Some.Type", "some reason");
    try (FunctionUrl url =
        new FunctionUrl(
            0, "echo", (function, event) -> new Invocation("r", error, 1, false, Duration.ZERO))) {
      HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(url.url())));
      assertThat(response.statusCode()).isEqualTo(502);
      assertThat(response.body()).doesNotContain("some reason");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "DELETE", "OPTIONS"})
  void aMethodOfNoRouteIsNotFound(String method) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request("/items").method(method, HttpRequest.BodyPublishers.noBody());
    assertThat(send(request).statusCode()).isEqualTo(404);
  }

  @Test
  void theFunctionsResponseIsTheAnswer() throws IOException, InterruptedException {
    use(
        gateway(
            (function, event) ->
                answer(
                    """
                    {"statusCode":201,"headers":{"ETag":"\\"1\\"","Retry-After":3},"cookies":["a=1","b=2"],
                     "body":"aGVsbG8=","isBase64Encoded":true}""")));
    HttpResponse<String> response = send(request("/items"));
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body()).isEqualTo("hello");
    assertThat(response.headers().firstValue("etag")).contains("\"1\"");
    assertThat(response.headers().firstValue("retry-after")).contains("3");
    assertThat(response.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"statusCode\":\"x\"}", "not json", "{\"statusCode\":200,\"body\":{}}"})
  void aMalformedResponseIsAnInternalServerError(String payload)
      throws IOException, InterruptedException {
    use(gateway((function, event) -> answer(payload)));
    assertThat(send(request("/items")).statusCode()).isEqualTo(500);
  }

  @Test
  void aFunctionErrorIsAnInternalServerErrorWithoutItsReason()
      throws IOException, InterruptedException {
    Outcome error = Outcome.Failure.of("Some.Type", "some reason");
    use(gateway((function, event) -> new Invocation("r", error, 1, false, Duration.ZERO)));
    HttpResponse<String> response = send(request("/items"));
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("{\"message\":\"Internal Server Error\"}");
  }

  @Test
  void aFunctionSlowerThanTheGatewayIsUnavailable() throws IOException, InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    use(
        new HttpGateway(
            0,
            ROUTES,
            false,
            (function, event) -> {
              never.await();
              return answer("{}");
            },
            Duration.ofMillis(50)));
    HttpResponse<String> response = send(request("/items"));
    never.countDown();
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("{\"message\":\"Service Unavailable\"}");
  }

  @Test
  void aBodyOverTenMegabytesIsRefused() throws IOException, InterruptedException {
    byte[] body = new byte[HttpGateway.MAX_BODY_BYTES + 1];
    Arrays.fill(body, (byte) ' ');
    HttpResponse<String> response =
        send(
            request("/items")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).isEqualTo("{\"message\":\"Request Entity Too Large\"}");
  }

  @Test
  void headersOverTenKilobytesInAllAreRefused() throws IOException, InterruptedException {
    String half = "x".repeat(HttpGateway.MAX_HEADER_BYTES / 2);
    assertThat(send(request("/items").header("a", half)).statusCode()).isEqualTo(200);
    HttpResponse<String> response = send(request("/items").header("a", half).header("b", half));
    assertThat(response.statusCode()).isEqualTo(431);
    assertThat(response.body()).isEqualTo("{\"message\":\"Request Header Fields Too Large\"}");
  }

  @Test
  void aThrottledFunctionIsUnavailableAtTheApiAndTooManyRequestsAtItsUrl()
      throws IOException, InterruptedException {
    Invoker throttled =
        (function, event) ->
            new Invocation(
                "r", new Outcome.Throttled(new byte[] {'{', '}'}), 0, false, Duration.ZERO);
    use(gateway(throttled));
    HttpResponse<String> response = send(request("/items"));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("{\"message\":\"Service Unavailable\"}");
    try (FunctionUrl url = new FunctionUrl(0, "echo", throttled)) {
      assertThat(send(HttpRequest.newBuilder(URI.create(url.url()))).statusCode()).isEqualTo(429);
    }
  }

  @Test
  void aChallengeComesBackUnderAnotherName() throws IOException, InterruptedException {
    use(
        gateway(
            (function, event) ->
                answer("{\"statusCode\":401,\"headers\":{\"www-authenticate\":\"Bearer\"}}")));
    HttpResponse<String> response = send(request("/items"));
    assertThat(response.headers().firstValue("www-authenticate")).isEmpty();
    assertThat(response.headers().firstValue("x-amzn-remapped-www-authenticate"))
        .contains("Bearer");
  }

  @Test
  void aThrottledRouteAdmitsItsBurstAndOthersAreNotTouched()
      throws IOException, InterruptedException {
    use(new HttpGateway(0, ROUTES, true, (function, event) -> answer("{}")));
    HttpRequest.Builder post = request("/items").POST(HttpRequest.BodyPublishers.noBody());
    assertThat(send(post).statusCode()).isEqualTo(200);
    assertThat(send(post).statusCode()).isEqualTo(200);
    HttpResponse<String> third = send(post);
    assertThat(third.statusCode()).isEqualTo(429);
    assertThat(third.body()).isEqualTo("{\"message\":\"Too Many Requests\"}");
    assertThat(send(request("/items")).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRouteWhoseThrottleIsZeroIsClosedAndInvokesNothing(boolean throttled)
      throws IOException, InterruptedException {
    AtomicInteger invoked = new AtomicInteger();
    use(
        new HttpGateway(
            0,
            ROUTES,
            throttled,
            (function, event) -> {
              invoked.incrementAndGet();
              return answer("{}");
            }));
    HttpResponse<String> refused = send(request("/closed"));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).isEqualTo("{\"message\":\"Too Many Requests\"}");
    assertThat(invoked).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({"0, 5", "5, 0", "0, 0"})
  void aTokenBucketOfNothingAdmitsNothing(double rate, int burst) {
    long[] now = {0};
    TokenBucket bucket = new TokenBucket(new Template.Throttle(rate, burst), () -> now[0]);
    assertThat(bucket.admits()).isFalse();
    now[0] = 60_000_000_000L;
    assertThat(bucket.admits()).isFalse();
  }

  @Test
  void aTokenBucketRefillsAtItsRateUpToItsBurst() {
    long[] now = {0};
    TokenBucket bucket = new TokenBucket(new Template.Throttle(2, 3), () -> now[0]);
    assertThat(List.of(bucket.admits(), bucket.admits(), bucket.admits(), bucket.admits()))
        .containsExactly(true, true, true, false);
    now[0] = 500_000_000;
    assertThat(List.of(bucket.admits(), bucket.admits())).containsExactly(true, false);
    now[0] = 60_000_000_000L;
    assertThat(List.of(bucket.admits(), bucket.admits(), bucket.admits(), bucket.admits()))
        .containsExactly(true, true, true, false);
  }
}
