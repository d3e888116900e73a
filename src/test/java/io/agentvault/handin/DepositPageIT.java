package io.agentvault.handin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.firstuse.Client;
import io.agentvault.local.LocalCloud;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The page on which a human hands a secret in, as a browser runs it. */
class DepositPageIT {
  private static final String VALUE = "sk-canary-of-the-page-4711";
  private static final String SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  private static final String USE = "\"use\":{\"allow\":[{\"host\":\"api.example.com\"}]}";
  private static final String OPENED_ONCE = "opens with the whole link";
  private static final String OVER = "not valid, has expired or was withdrawn";
  private static final String ALREADY = "already handed in";

  /** The tabs of this class are one browser's. */
  @SuppressWarnings("NullAway.Init")
  private static Browser browser;

  private static final LocalCloud cloud = LocalCloud.shared();

  @BeforeAll
  static void open() {
    browser = Browser.installed();
  }

  @AfterAll
  @SuppressWarnings("UnnecessarilyVisible")
  static void close() {
    if (browser != null) { // where there is one
      browser.close();
    }
  }

  private final Client operator = Client.operator(cloud, "tests");
  private final JsonNode identity =
      operator.send("POST", "/v0/platform/identities", "{\"name\":\"shopper\"}").body();
  private final String identityPath =
      "/v0/platform/identities/" + identity.path("identityId").asText();
  private final Client agent = Client.of(cloud, identity.path("rawKey").asText());

  private Asked asked() {
    return asked("{\"label\":\"github\",\"reason\":\"to open issues\"," + USE + "}");
  }

  private Asked asked(String body) {
    return Asked.of(agent.send("POST", "/v0/deposits", body).body());
  }

  /** An operator may ask for more: what is handed in can be read, and so compared. */
  private Asked askedByOperator(String type) {
    return Asked.of(
        operator
            .send(
                "POST",
                identityPath + "/deposits",
                "{\"label\":\"it\",\"type\":\"" + type + "\",\"use\":{\"reveal\":true}}")
            .body());
  }

  private static void fill(Map<String, String> fields) {
    fields.forEach((name, value) -> browser.await("#" + name).type("#" + name, value));
  }

  private static void send(Asked asked) {
    browser.type("#code", asked.code());
    browser.click("#send");
  }

  private static void handIn(Asked asked) {
    browser.open(asked.url());
    fill(Map.of("field-key", VALUE));
    send(asked);
    browser.await("#done-message");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "API_KEY|0|key=sk-1234567890",
        "API_KEY|1|clientId=client-1,secret=example-987654",
        "LOGIN|0|username=ada@example.org,password=p\u00e4ss \u2603,totp=" + SEED,
        "TOTP|0|otpauth=" + SEED,
        "TOTP|0|otpauth=otpauth://totp/Example:ada?secret=" + SEED + "&digits=8",
        "OAUTH|0|refreshToken=example-refresh",
        "OAUTH|1|tokenUrl=https://example.org/t,clientId=client-2,clientSecret=secret-1",
        "OAUTH|2|accessToken=example-access",
        "SSH_KEY|0|privateKey=an example~of several lines~,passphrase=long words",
        "DATABASE|0|connectionString=postgresql://ada:pw@db.example.org/shop",
        "DATABASE|1|host=db.example.org,port=5432,username=ada-1,password=pw-1",
        "SMTP|0|host=smtp.example.org,username=ada-2,password=pw-2",
        "AWS|0|accessKeyId=an-example-id,secretAccessKey=an-example-key",
        "CERTIFICATE|0|certificate=an example~of lines~,privateKey=another~of lines~",
        "CARD|0|cardholder=Ada Example,number=4242424242424242,expMonth=04,expYear=2031,cvc=123",
        "SHIPPING_ADDRESS|0|name=Ada E,line1=1 Elm,city=Eton,state=EX,postcode=12345,country=DEU",
        "CUSTOM|0|value=anything at all"
      })
  void everyTypeIsStoredAsItWasTyped(String type, int variant, String typed) {
    Asked asked = askedByOperator(type);
    browser.open(asked.url());
    browser.await("#code");
    if (browser.isSeen("#variant")) {
      browser.click("#variant option[value='" + variant + "']");
    }
    ObjectNode expected = Client.JSON.createObjectNode();
    for (String each : typed.split(",(?=\\w+=)", -1)) {
      String name = each.substring(0, each.indexOf('='));
      String value = each.substring(each.indexOf('=') + 1).replace('~', '\n');
      browser.type(type.equals("CUSTOM") ? ".value" : "#field-" + name, value);
      expected.put(name, value);
    }
    assertThat(unnamedControls()).isEmpty();
    send(asked);
    browser.await("#done-message");

    String shown = browser.evaluate("document.querySelector('main').outerHTML").asText();
    expected
        .valueStream()
        .map(JsonNode::asText)
        .filter(value -> value.length() > 4) // a month stands in many an id
        .forEach(value -> assertThat(shown).doesNotContain(value));
    JsonNode stored = agent.get("/v0/vault/it").body();
    assertThat(stored.path("type").asText()).isEqualTo(type);
    if (type.equals("TOTP") || expected.has("totp")) {
      assertThat(agent.get("/v0/vault/it/totp").body().path("code").asText()).matches("\\d{6,8}");
      expected.remove(List.of("otpauth", "totp"));
    }
    expected
        .properties()
        .forEach(
            field -> {
              if (!field.getKey().equals("refreshToken")
                  && !field.getKey().equals("clientSecret")) {
                assertThat(stored.at("/data/" + field.getKey())).isEqualTo(field.getValue());
              }
            });
  }

  /** What a screen reader would have no name for. */
  private static List<String> unnamedControls() {
    JsonNode tree = browser.command("Accessibility.getFullAXTree", Client.JSON.createObjectNode());
    return tree.path("nodes")
        .valueStream()
        .filter(node -> !node.path("ignored").asBoolean())
        .filter(
            node ->
                List.of("textbox", "button", "combobox", "listbox", "checkbox", "link")
                    .contains(node.at("/role/value").asText()))
        .filter(node -> node.at("/name/value").asText().isBlank())
        .map(JsonNode::toString)
        .toList();
  }

  @Test
  void nothingOfLinkOrValueStaysInTheBrowserOrIsSentAnywhereElse() throws IOException {
    Asked asked = asked();
    String secret = asked.token().substring(asked.token().lastIndexOf('_') + 1);
    browser.log("performance");
    browser.log("browser");
    handIn(asked);

    // what was typed at the address bar, or by a driver, the browser keeps beside; nobody types it
    List<String> history =
        browser
            .command("Page.getNavigationHistory", Client.JSON.createObjectNode())
            .path("entries")
            .valueStream()
            .map(entry -> entry.path("url").asText() + " " + entry.path("title").asText())
            .toList();
    assertThat(history).anyMatch(entry -> entry.contains("/deposit"));
    assertThat(history).noneMatch(entry -> entry.contains("avd_") || entry.contains(secret));
    assertThat(browser.url()).isEqualTo(cloud.url() + "/deposit");
    assertThat(
            browser
                .evaluate(
                    "[document.title, document.referrer, document.cookie,"
                        + " JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}),"
                        + " document.documentElement.outerHTML, String(history.state)].join()")
                .asText())
        .doesNotContain(secret)
        .doesNotContain(VALUE)
        .doesNotContain(asked.code());
    int withValue = 0;
    for (JsonNode line : Client.JSON.readTree(browser.log("performance"))) {
      JsonNode message = Client.JSON.readTree(line.path("message").asText()).path("message");
      if (!message.path("method").asText().equals("Network.requestWillBeSent")) {
        continue;
      }
      JsonNode request = message.at("/params/request");
      String url = request.path("url").asText();
      assertThat(url).matches("about:blank|" + Pattern.quote(cloud.url()) + "/(deposit|v0/.*)");
      assertThat(url).doesNotContain(secret);
      // an empty referrer is how Chromium says that there is none
      assertThat(request.path("headers").toString().toLowerCase(Locale.ROOT))
          .doesNotContainPattern("\"referer\":\"[^\"]")
          .doesNotContain("\"cookie\"");
      withValue += request.path("postData").asText().contains(VALUE) ? 1 : 0;
    }
    assertThat(withValue).isOne();
    assertThat(browser.log("browser"))
        .as("the console: no violation of the policy, nothing of either")
        .doesNotContain("SEVERE", "WARNING", secret, VALUE);
    assertThat(logs()).doesNotContain(secret).doesNotContain(VALUE).doesNotContain(asked.code());
  }

  private static String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(cloud.logs())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void thePageRunsUnderAPolicyWithoutExceptions() throws IOException, InterruptedException {
    HttpResponse<String> page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(cloud.url() + "/deposit")).build(),
                HttpResponse.BodyHandlers.ofString());
    String policy = page.headers().firstValue("content-security-policy").orElseThrow();
    assertThat(policy)
        .contains("default-src 'none'")
        .contains("connect-src 'self'")
        .contains("base-uri 'none'")
        .contains("frame-ancestors 'none'")
        .contains("form-action 'none'")
        .doesNotContain("unsafe")
        .doesNotContain("*")
        .doesNotContain("http");
    assertThat(page.headers().firstValue("referrer-policy")).contains("no-referrer");
    assertThat(page.headers().firstValue("set-cookie")).isEmpty();
    assertThat(page.body())
        .doesNotContain("src=")
        .doesNotContain("href=")
        .doesNotContain("@import");
  }

  @Test
  void aReloadAndASecondTabAreToldToOpenTheLink() {
    Asked asked = asked();
    browser.open(asked.url());
    browser.await("#field-key");
    browser.reload();
    assertThat(browser.await("#problem").text("#problem")).contains(OPENED_ONCE);
    browser.open(cloud.url() + "/deposit");
    assertThat(browser.await("#problem").text("#problem")).contains(OPENED_ONCE);
    browser.open(asked.url()); // looking consumed nothing
    browser.await("#field-key");
  }

  @Test
  void aSecondRedeemerIsToldThatItIsDone() {
    Asked asked = asked();
    browser.open(asked.url());
    fill(Map.of("field-key", "another value"));
    String first = browser.window();
    browser.newTab();
    handIn(asked);
    browser.switchTo(first);
    send(asked);
    assertThat(browser.await("#problem").text("#problem")).contains(ALREADY);
    browser.open(asked.url());
    assertThat(browser.await("#problem").text("#problem")).contains(ALREADY);
    assertThat(agent.get("/v0/vault/github").body().path("error").asText()).isEqualTo("forbidden");
    assertThat(agent.get("/v0/vault").body().path("count").asInt()).isOne();
  }

  @Test
  void aWrongCodeFiveTimesEndsTheLink() {
    Asked asked = asked();
    browser.open(asked.url());
    fill(Map.of("field-key", VALUE, "code", "0000-0000"));
    for (int wrong = 1; wrong < 5; wrong++) {
      browser.click("#send");
      browser.await("#form-problem");
      assertThat(browser.text("#form-problem").toLowerCase(Locale.ROOT)).contains("code");
      assertThat(browser.evaluate("document.activeElement.id").asText()).isEqualTo("code");
    }
    browser.click("#send");
    assertThat(browser.await("#problem").text("#problem")).contains(OVER);
    assertThat(agent.get("/v0/vault").body().path("count").asInt()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"withdrawn", "expired", "revoked", "made up"})
  void aLinkThatIsNoneAnyMoreSaysSoInOneSentence(String how) {
    Asked asked = Asked.of(askedByOperatorForUse());
    browser.open(asked.url());
    fill(Map.of("field-key", VALUE));
    String link = asked.url();
    switch (how) {
      case "withdrawn" -> operator.delete(identityPath + "/deposits/" + asked.depositId());
      case "expired" -> expire(asked);
      case "revoked" -> operator.delete(identityPath);
      default -> link = link.substring(0, link.length() - 52) + "0".repeat(52);
    }
    if (link.equals(asked.url())) { // under the hands of whoever has it open
      send(asked);
      assertThat(browser.await("#problem").text("#problem")).contains(OVER);
    }
    browser.open(link);
    String said = browser.await("#problem").text("#problem");
    assertThat(said).contains(OVER).doesNotContain("avd_");
    assertThat(browser.isSeen("#ask")).isFalse();
  }

  private JsonNode askedByOperatorForUse() {
    return operator
        .send("POST", identityPath + "/deposits", "{\"label\":\"github\"," + USE + "}")
        .body();
  }

  /** Time is the functions' own, so the deposit is made old instead. */
  private void expire(Asked asked) {
    cloud
        .dynamo()
        .updateItem(
            update ->
                update
                    .tableName(cloud.tableName())
                    .key(
                        Map.of(
                            "pk",
                            AttributeValue.fromS("AGENT#" + identity.path("identityId").asText()),
                            "sk",
                            AttributeValue.fromS("DEPOSIT#" + asked.depositId())))
                    .updateExpression("SET expiresAt = :then")
                    .expressionAttributeValues(
                        Map.of(
                            ":then",
                            AttributeValue.fromS(Instant.now().minusSeconds(1).toString()))));
  }

  /** Chromium has no decoder on every platform, so a stand-in answers what the picture holds. */
  @Test
  void aPictureOfAQrCodeIsReadInTheBrowser(@TempDir Path directory) throws IOException {
    Path picture = directory.resolve("qr.png");
    ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
    ObjectNode script = Client.JSON.createObjectNode();
    script.put(
        "source",
        "window.found = []; window.BarcodeDetector = class { async detect(image) {"
            + " if (image.width !== 8) throw new Error(); return window.found; } };");
    String id =
        browser
            .command("Page.addScriptToEvaluateOnNewDocument", script)
            .path("identifier")
            .asText();
    try {
      Asked asked = asked("{\"label\":\"codes\",\"type\":\"TOTP\"}");
      browser.open(asked.url());
      browser.await("#picture").type("#picture", picture.toString());
      assertThat(browser.await("#form-problem").text("#form-problem"))
          .isEqualTo("There is no one-time code seed in that picture.");
      browser.evaluate(
          "(window.found = [{rawValue: 'otpauth://totp/a?secret=" + SEED + "'}], null)");
      browser.evaluate("(document.querySelector('#picture').value = '', null)");
      browser.type("#picture", picture.toString());
      browser.awaitGone("#form-problem");
      send(asked);
      browser.await("#done-message");
      assertThat(agent.get("/v0/vault/codes/totp").status()).isEqualTo(200);
    } finally {
      browser.command(
          "Page.removeScriptToEvaluateOnNewDocument",
          Client.JSON.createObjectNode().put("identifier", id));
    }
  }

  @Test
  void withoutADecoderNoPictureIsAskedFor() {
    if (browser.evaluate("'BarcodeDetector' in window").asBoolean()) {
      return;
    }
    browser.open(asked("{\"label\":\"codes\",\"type\":\"TOTP\"}").url());
    browser.await("#field-otpauth");
    assertThat(browser.isSeen("#picture")).isFalse();
  }

  @Test
  void theKeyboardIsEnough() {
    Asked asked = asked();
    browser.open(asked.url());
    browser.await("#field-key");
    assertThat(browser.evaluate("document.activeElement.id").asText()).isEqualTo("title");
    browser.press(Browser.TAB); // key, or client id and secret
    browser.press(Browser.TAB);
    browser.press(VALUE);
    browser.press(Browser.TAB);
    browser.press(" "); // the button that shows it
    assertThat(browser.evaluate("document.querySelector('#field-key').type").asText())
        .isEqualTo("text");
    browser.press(Browser.TAB);
    browser.press(asked.code() + Browser.ENTER);
    browser.await("#done-message");
    assertThat(browser.evaluate("document.activeElement.id").asText()).isEqualTo("title");
  }

  @Test
  void itSaysWhatItIsForBeforeAndWhatBecameOfItAfter() {
    Asked asked = asked();
    browser.open(asked.url());
    browser.await("#facts");
    assertThat(browser.text("#facts"))
        .contains("shopper")
        .contains("tests")
        .contains("github")
        .contains("to open issues")
        .contains("api.example.com")
        .contains("read by nobody");
    fill(Map.of("field-key", VALUE));
    send(asked);
    browser.await("#done-message");
    assertThat(browser.text("main"))
        .contains("stored")
        .contains("github")
        .contains("API key")
        .contains("api.example.com")
        .doesNotContain(VALUE);
  }
}
