package io.agentvault.handin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;

/**
 * Chromium without a screen, steered by its own driver.
 *
 * @see <a href="https://www.w3.org/TR/webdriver2/">WebDriver</a>
 */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
  private static final int TRIES = 200;

  static final String TAB = "\uE004";
  static final String ENTER = "\uE007";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process driver;
  private final String base;
  private final String session;

  private Browser(Process driver, String base) {
    this.driver = driver;
    this.base = base;
    this.session = base + "/session/" + start();
  }

  /** Skips the test where there is none. */
  static Browser start(Path chromium, Path chromeDriver) {
    int port = freePort();
    try {
      Process driver =
          new ProcessBuilder(chromeDriver.toString(), "--port=" + port)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new Browser(driver, "http://127.0.0.1:" + port);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + chromium, e);
    }
  }

  static Browser installed() {
    return start(
        Tools.program("chromium", "package chromium"),
        Tools.program("chromedriver", "package chromium-driver"));
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String start() {
    ObjectNode wanted = JSON.createObjectNode();
    ObjectNode always = wanted.putObject("capabilities").putObject("alwaysMatch");
    always.put("browserName", "chrome");
    always.putObject("goog:loggingPrefs").put("browser", "ALL").put("performance", "ALL");
    always
        .putObject("goog:chromeOptions")
        .putArray("args")
        .add("--headless=new")
        .add("--no-sandbox") // tests run as root in containers
        .add("--disable-gpu")
        .add("--disable-dev-shm-usage")
        .add("--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1");
    for (int i = 0; i < TRIES; i++) {
      try {
        return post(base + "/session", wanted).path("sessionId").asText();
      } catch (UncheckedIOException notYet) {
        pause();
      }
    }
    throw new AssertionError("the browser's driver does not answer");
  }

  private JsonNode post(String url, JsonNode body) {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  private JsonNode post(String path, String name, String value) {
    return post(session + path, JSON.createObjectNode().put(name, value));
  }

  private JsonNode send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(
              request.timeout(Duration.ofSeconds(60)).build(),
              HttpResponse.BodyHandlers.ofString());
      JsonNode value = JSON.readTree(response.body()).path("value");
      if (response.statusCode() != 200) {
        throw new Refused(value.path("error").asText() + ": " + value.path("message").asText());
      }
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What the driver says no to, such as an element that is not there yet. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void open(String url) {
    post("/url", "url", "about:blank"); // else a link that differs behind # alone loads nothing
    post("/url", "url", url);
  }

  String url() {
    return send(HttpRequest.newBuilder(URI.create(session + "/url")).GET()).asText();
  }

  void reload() {
    post(session + "/refresh", JSON.createObjectNode());
  }

  void newTab() {
    switchTo(
        post(session + "/window/new", JSON.createObjectNode().put("type", "tab"))
            .path("handle")
            .asText());
  }

  /** The tab that is looked at. */
  String window() {
    return send(HttpRequest.newBuilder(URI.create(session + "/window")).GET()).asText();
  }

  void switchTo(String window) {
    post("/window", "handle", window);
  }

  /** The value of an expression of JavaScript. */
  JsonNode evaluate(String expression) {
    ObjectNode script = JSON.createObjectNode().put("script", "return " + expression);
    script.putArray("args");
    return post(session + "/execute/sync", script);
  }

  private String find(String css) {
    ObjectNode how = JSON.createObjectNode().put("using", "css selector").put("value", css);
    return post(session + "/element", how).path(ELEMENT).asText();
  }

  /** Waits until an element is seen. */
  Browser await(String css) {
    for (int i = 0; i < TRIES; i++) {
      if (isSeen(css)) {
        return this;
      }
      pause();
    }
    throw new AssertionError("not seen: " + css + "; the page says: " + text("body"));
  }

  /** Waits until an element is not seen any more. */
  void awaitGone(String css) {
    for (int i = 0; i < TRIES && isSeen(css); i++) {
      pause();
    }
    if (isSeen(css)) {
      throw new AssertionError("still seen: " + css + ": " + text(css));
    }
  }

  boolean isSeen(String css) {
    try {
      return evaluate(
              "[...document.querySelectorAll(" + quoted(css) + ")].some(e => e.checkVisibility())")
          .asBoolean();
    } catch (Refused loading) {
      return false;
    }
  }

  void click(String css) {
    post(session + "/element/" + find(css) + "/click", JSON.createObjectNode());
  }

  void type(String css, String text) {
    post("/element/" + find(css) + "/value", "text", text);
  }

  /** Types at whatever has the focus. */
  void press(String keys) {
    String focused =
        send(HttpRequest.newBuilder(URI.create(session + "/element/active")).GET())
            .path(ELEMENT)
            .asText();
    post("/element/" + focused + "/value", "text", keys);
  }

  String text(String css) {
    return evaluate("document.querySelector(" + quoted(css) + ").innerText").asText();
  }

  static String quoted(String text) {
    return JSON.getNodeFactory().textNode(text).toString();
  }

  /** The browser's console, and every request with its headers: cleared by reading. */
  String log(String type) {
    return post("/se/log", "type", type).toString();
  }

  /** A command of Chromium's own protocol, and its result. */
  JsonNode command(String name, ObjectNode parameters) {
    ObjectNode body = JSON.createObjectNode().put("cmd", name);
    body.set("params", parameters);
    return post(session + "/goog/cdp/execute", body);
  }

  /** How wide, and whether dark. */
  void appear(int width, int height, boolean dark) {
    command(
        "Emulation.setDeviceMetricsOverride",
        JSON.createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 2)
            .put("mobile", false));
    ObjectNode media = JSON.createObjectNode();
    media
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", dark ? "dark" : "light");
    command("Emulation.setEmulatedMedia", media);
  }

  /** A picture of what is seen. */
  void picture(Path file) {
    String base64 =
        send(HttpRequest.newBuilder(URI.create(session + "/screenshot")).GET()).asText();
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, Base64.getDecoder().decode(base64));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      send(HttpRequest.newBuilder(URI.create(session)).DELETE());
    } finally {
      driver.destroy();
    }
  }
}
