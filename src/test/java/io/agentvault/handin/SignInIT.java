package io.agentvault.handin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.firstuse.Client;
import io.agentvault.local.LocalCloud;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Humans sign in at an issuer of others before they see and hand in anything. */
class SignInIT {
  private static final int ISSUER_PORT = Browser.freePort();
  private static final String ISSUER = "http://127.0.0.1:" + ISSUER_PORT;
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

  @SuppressWarnings("NullAway.Init")
  private static LocalCloud cloud;

  @SuppressWarnings("NullAway.Init")
  private static Issuer issuer;

  @BeforeAll
  static void start() {
    Tools.nodeModules("oidc-provider");
    cloud =
        LocalCloud.options()
            .environment("broker", "VAULT_OPERATOR_ISSUER", ISSUER)
            .environment("broker", "VAULT_DEPOSIT_CLIENT_ID", Issuer.CLIENT_ID)
            .environment("broker", "VAULT_LOCAL_UPSTREAMS", "127.0.0.1:" + ISSUER_PORT)
            .start();
    issuer = new Issuer(ISSUER_PORT, cloud.url() + "/deposit");
  }

  @AfterAll
  @SuppressWarnings("UnnecessarilyVisible")
  static void stop() {
    if (issuer != null) { // where it is installed
      issuer.close();
    }
    if (cloud != null) {
      cloud.close();
    }
  }

  private final Client operator = Client.operator(cloud, "tests");
  private final JsonNode identity =
      operator
          .send(
              "POST",
              "/v0/platform/identities",
              "{\"name\":\"shopper\",\"depositors\":[\"alice\"]}")
          .body();
  private final Client agent = Client.of(cloud, identity.path("rawKey").asText());
  private final Asked asked =
      Asked.of(
          agent
              .send(
                  "POST",
                  "/v0/deposits",
                  "{\"label\":\"github\",\"use\":{\"allow\":[{\"host\":\"api.github.com\"}]}}")
              .body());
  private final String path = "/v0/deposits/" + asked.depositId();
  private final Client page = Client.of(cloud, asked.token());

  /** What a page sends, with a ticket. */
  private HttpResponse<String> send(String method, String ticket, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(cloud.url() + path))
            .header("authorization", "Bearer " + asked.token())
            .header("x-deposit-sign-in", ticket)
            .header("content-type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return send(HttpClient.newHttpClient(), request);
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String sha256(String text) {
    try {
      return base64(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /** Signs in as a browser does, through the issuer's own pages; answers the code. */
  private String signIn(String human, String nonce) {
    HttpClient client =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    String at =
        ISSUER
            + "/auth?"
            + form(
                Map.of(
                    "response_type",
                    "code",
                    "client_id",
                    Issuer.CLIENT_ID,
                    "redirect_uri",
                    cloud.url() + "/deposit",
                    "scope",
                    "openid",
                    "state",
                    "state",
                    "nonce",
                    nonce,
                    "code_challenge",
                    sha256(VERIFIER),
                    "code_challenge_method",
                    "S256"));
    for (int steps = 0; steps < 12; steps++) {
      HttpResponse<String> shown =
          send(client, HttpRequest.newBuilder(URI.create(at)).GET().build());
      if (shown.statusCode() == 200) {
        shown = send(client, submitted(shown.body(), at, human));
      }
      at = URI.create(at).resolve(shown.headers().firstValue("location").orElseThrow()).toString();
      Matcher code = Pattern.compile("/deposit\\?(?:.*&)?code=([^&]+)").matcher(at);
      if (code.find()) {
        return code.group(1);
      }
    }
    throw new AssertionError("the issuer does not come to an end");
  }

  private static HttpRequest submitted(String html, String at, String human) {
    Matcher action = Pattern.compile("action=\"([^\"]+)\"").matcher(html);
    Matcher prompt = Pattern.compile("name=\"prompt\" value=\"([^\"]+)\"").matcher(html);
    assertThat(action.find() && prompt.find()).as(html).isTrue();
    return HttpRequest.newBuilder(URI.create(at).resolve(action.group(1)))
        .header("content-type", "application/x-www-form-urlencoded")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                form(Map.of("prompt", prompt.group(1), "login", human, "password", "any"))))
        .build();
  }

  private Client.Response exchange(String code, String verifier) {
    return page.send(
        "POST", path + "/sign-in", "{\"code\":\"" + code + "\",\"verifier\":\"" + verifier + "\"}");
  }

  private String ticket(String human) {
    Client.Response answer = exchange(signIn(human, sha256(asked.token())), VERIFIER);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.body().path("ticket").asText();
  }

  private String redemption() {
    return "{\"code\":\"" + asked.code() + "\",\"data\":{\"key\":\"sk-canary-sign-in\"}}";
  }

  @Test
  void beforeTheSignInThereIsNothingButWhereItIs() {
    Client.Response look = page.get(path);
    assertThat(look.body().toString())
        .isEqualTo(
            "{\"signIn\":{\"authorizationEndpoint\":\""
                + ISSUER
                + "/auth\",\"clientId\":\"deposits\"}}");
    Client.Response refused = page.send("POST", path, redemption());
    assertThat(refused.status()).isEqualTo(403);
    assertThat(agent.get("/v0/vault").body().path("count").asInt()).isZero();
  }

  @Test
  void aDepositorSeesAndHandsIn() {
    String ticket = ticket("alice");
    assertThat(send("GET", ticket, "").body())
        .contains("\"label\":\"github\"")
        .contains("\"signIn\":null");
    assertThat(send("POST", ticket, redemption()).body()).isEqualTo("{\"stored\":true}");
    assertThat(agent.get("/v0/vault").body().path("count").asInt()).isOne();
  }

  @Test
  void whoIsNoDepositorIsToldSoAndNothingIsStored() {
    String ticket = ticket("mallory");
    assertThat(send("GET", ticket, "").statusCode()).isEqualTo(403);
    assertThat(send("POST", ticket, redemption()).statusCode()).isEqualTo(403);
    assertThat(agent.get("/v0/vault").body().path("count").asInt()).isZero();
  }

  @Test
  void aCodeIsForOneDepositOnceAndWithItsVerifier() {
    String another = signIn("alice", sha256("avd_another"));
    assertThat(exchange(another, VERIFIER).status()).as("another's nonce").isEqualTo(400);
    String stolen = signIn("alice", sha256(asked.token()));
    assertThat(exchange(stolen, VERIFIER.replace('d', 'e')).status()).as("verifier").isEqualTo(400);
    String used = signIn("alice", sha256(asked.token()));
    assertThat(exchange(used, VERIFIER).status()).isEqualTo(200);
    assertThat(exchange(used, VERIFIER).status()).as("used").isEqualTo(400);
    assertThat(exchange("made-up", VERIFIER).status()).as("made up").isEqualTo(400);
    Client stranger = Client.of(cloud, agent.bearer());
    assertThat(stranger.send("POST", path + "/sign-in", "{}").status()).isEqualTo(401);
  }

  @Test
  void inABrowserTheHumanComesBackAndNothingOfItStays() {
    try (Browser browser = Browser.installed()) {
      browser.open(asked.url());
      browser.await("#sign-in-button").click("#sign-in-button");
      browser.await("[name=login]").type("[name=login]", "alice");
      browser.type("[name=password]", "any");
      browser.click("[type=submit]");
      if (!browser.url().startsWith(cloud.url())) {
        browser.await("[type=submit]").click("[type=submit]"); // the issuer asks for consent
      }
      browser.await("#field-key");
      assertThat(browser.evaluate("sessionStorage.length + localStorage.length").asInt()).isZero();
      assertThat(browser.url()).isEqualTo(cloud.url() + "/deposit");
      browser.type("#field-key", "sk-canary-sign-in");
      browser.type("#code", asked.code());
      browser.click("#send");
      browser.await("#done-message");
    }
    assertThat(agent.get("/v0/vault").body().path("count").asInt()).isOne();
  }

  @Test
  void inABrowserAPhishedHumanWhoIsNoDepositorGetsOneClearSentence() {
    try (Browser browser = Browser.installed()) {
      browser.open(asked.url());
      browser.await("#sign-in-button").click("#sign-in-button");
      browser.await("[name=login]").type("[name=login]", "mallory");
      browser.type("[name=password]", "any");
      browser.click("[type=submit]");
      if (!browser.url().startsWith(cloud.url())) {
        browser.await("[type=submit]").click("[type=submit]");
      }
      browser.await("#problem");
      assertThat(browser.text("#problem")).contains("has not named you").contains("Nothing was");
      assertThat(browser.isSeen("#ask")).isFalse();
    }
  }
}
