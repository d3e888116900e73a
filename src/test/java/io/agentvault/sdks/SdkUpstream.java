package io.agentvault.sdks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.agentvault.local.host.Loopback;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The services' side: answers the main call of each in its shape, where it brings the right key.
 */
final class SdkUpstream implements AutoCloseable {
  private static final Map<String, String> ANSWERS =
      Map.of(
          "/v1/chat/completions",
          """
          {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
          "finish_reason":"stop","message":{"role":"assistant","content":"hello"}}],\
          "usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""",
          "/v1/messages",
          """
          {"id":"m","type":"message","role":"assistant","model":"m","stop_sequence":null,\
          "content":[{"type":"text","text":"hello"}],"stop_reason":"end_turn",\
          "usage":{"input_tokens":1,"output_tokens":1}}""",
          "/v1/customers",
          "{\"id\":\"cus_1\",\"object\":\"customer\",\"email\":\"a@example.com\"}",
          "/repos/acme/site",
          "{\"id\":1,\"name\":\"site\",\"full_name\":\"acme/site\"}",
          "/api/auth.test",
          "{\"ok\":true,\"team\":\"acme\"}");

  private final String key;
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private final List<String> answered = new CopyOnWriteArrayList<>();
  private final Loopback server = Loopback.start("sdk-upstream", 0, this::handle);

  /**
   * @param key what each service wants, as bearer or as {@code X-Api-Key}
   */
  SdkUpstream(String key) {
    this.key = key;
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    var headers = exchange.getRequestHeaders();
    String path = exchange.getRequestURI().getRawPath();
    String bearer = String.valueOf(headers.getFirst("Authorization"));
    boolean proven = bearer.equals("Bearer " + key) || key.equals(headers.getFirst("X-Api-Key"));
    String all = headers.entrySet() + " " + path + " " + new String(body, UTF_8);
    boolean holdsVaultKey = all.contains("avk_");
    if (!proven || holdsVaultKey || !ANSWERS.containsKey(path)) {
      refused.add(exchange.getRequestMethod() + " " + path);
      Loopback.answer(exchange, 401, "application/json", "{}".getBytes(UTF_8));
      return;
    }
    answered.add(exchange.getRequestMethod() + " " + path);
    Loopback.answer(exchange, 200, "application/json", ANSWERS.get(path).getBytes(UTF_8));
  }

  String place() {
    return "127.0.0.1:" + server.port();
  }

  /** Method and path of each call that was answered as the service would. */
  List<String> answered() {
    return List.copyOf(answered);
  }

  /** Of those that lacked the service's key, brought the vault's, or went where nothing is. */
  List<String> refused() {
    return List.copyOf(refused);
  }

  void forget() {
    answered.clear();
    refused.clear();
  }

  @Override
  public void close() {
    server.close();
  }
}
