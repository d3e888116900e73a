package io.agentvault.renewal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.agentvault.firstuse.Client;
import io.agentvault.local.host.Loopback;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A token endpoint that remembers what it was asked. Its own answers are the strictest that there
 * are: a refresh token is good once, and one that comes again ends its grant. In front of another's
 * it passes everything on. Beside it, at {@code /api}, a service that takes its access tokens.
 */
public final class TokenServer implements AutoCloseable {
  private static final Runnable NOTHING = () -> {};

  private final HttpClient client = HttpClient.newHttpClient();
  private final Optional<URI> behind;
  private final Loopback server;
  private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
  private final AtomicReference<Runnable> before = new AtomicReference<>(NOTHING);
  private final AtomicReference<Runnable> after = new AtomicReference<>(NOTHING);
  private final AtomicReference<Optional<Answer>> next = new AtomicReference<>(Optional.empty());
  private final Set<String> accessTokens = ConcurrentHashMap.newKeySet();
  private volatile Supplier<String> asking = () -> "";
  // All below is guarded by this.
  private final Map<String, String> grants = new HashMap<>();
  private final Set<String> used = new HashSet<>();
  private String lifetime = ",\"expires_in\":3600";

  private TokenServer(Optional<URI> behind) {
    this.behind = behind;
    this.server = Loopback.start("token-server", 0, this::handle);
  }

  /** One of our own. */
  public static TokenServer start() {
    return new TokenServer(Optional.empty());
  }

  /** In front of another's token endpoint. */
  static TokenServer before(URI other) {
    return new TokenServer(Optional.of(other));
  }

  /**
   * What was asked and answered.
   *
   * @param who asked, as far as {@link #asking} knows
   * @param form what was posted
   * @param authorization the header, empty without one
   */
  public record Exchange(
      String who,
      Map<String, String> form,
      String authorization,
      Answer answer,
      Instant began,
      Instant ended) {
    String presented() {
      return form.getOrDefault("refresh_token", "");
    }

    boolean isIssued() {
      return answer.status() == 200;
    }
  }

  /** An answer's status and JSON. */
  public record Answer(int status, String body) {
    String field(String name) {
      return json().path(name).asText("");
    }

    private JsonNode json() {
      try {
        return Client.JSON.readTree(body);
      } catch (IOException e) {
        return Client.JSON.createObjectNode();
      }
    }
  }

  /** The {@code tokenUrl}. */
  public String url() {
    return server.url() + "/token";
  }

  /** Host and port. */
  public String address() {
    return "127.0.0.1:" + server.port();
  }

  /** The credential of a client that has that refresh token; no use policy. */
  public ObjectNode credential(String refreshToken) {
    ObjectNode credential = Client.JSON.createObjectNode().put("type", "OAUTH");
    credential
        .putObject("data")
        .put("tokenUrl", url())
        .put("clientId", "client")
        .put("clientSecret", "client-secret")
        .put("refreshToken", refreshToken);
    return credential;
  }

  /** Adds a use policy for the service beside it. */
  public ObjectNode usable(ObjectNode credential, boolean reveal) {
    ObjectNode use = credential.putObject("use").put("reveal", reveal);
    use.putArray("allow").addObject().put("host", address());
    return credential;
  }

  /** A human consents: the first refresh token of a new grant. */
  public synchronized String consent() {
    return issue(UUID.randomUUID().toString());
  }

  private String issue(String grant) {
    String refreshToken = "rt-" + UUID.randomUUID();
    grants.put(refreshToken, grant);
    return refreshToken;
  }

  /** How long access tokens last from now on; empty leaves out {@code expires_in}. */
  public synchronized void lasting(Optional<Integer> seconds) {
    lifetime = seconds.map(each -> ",\"expires_in\":" + each).orElse("");
  }

  /** Answers so, once. */
  public void next(int status, String body) {
    next.set(Optional.of(new Answer(status, body)));
  }

  /** Happens once, when it is asked; the server never hears of it. */
  void beforeNext(Runnable happens) {
    before.set(happens);
  }

  /** Happens once, when the server has acted and did not answer yet. */
  void afterNext(Runnable happens) {
    after.set(happens);
  }

  /** What tells who asks, when somebody does. */
  void asking(Supplier<String> known) {
    asking = known;
  }

  public List<Exchange> exchanges() {
    return List.copyOf(exchanges);
  }

  private void handle(HttpExchange http) throws IOException {
    byte[] body = http.getRequestBody().readAllBytes();
    String authorization =
        Optional.ofNullable(http.getRequestHeaders().getFirst("Authorization")).orElse("");
    if (http.getRequestURI().getPath().startsWith("/api")) {
      boolean known = accessTokens.contains(authorization.replaceFirst("Bearer ", ""));
      Loopback.answer(http, known ? 200 : 401, "application/json", "{\"hello\":1}".getBytes(UTF_8));
      return;
    }
    Instant began = Instant.now();
    String who = asking.get();
    Runnable interruption = before.getAndSet(NOTHING);
    if (interruption != NOTHING) {
      interruption.run();
      http.close();
      return;
    }
    Map<String, String> form = form(new String(body, UTF_8));
    Optional<Answer> canned = next.getAndSet(Optional.empty());
    Answer answer =
        canned.isPresent()
            ? canned.get()
            : behind.isPresent() ? passedOn(authorization, body) : own(form);
    if (!answer.field("access_token").isEmpty()) {
      accessTokens.add(answer.field("access_token"));
    }
    exchanges.add(new Exchange(who, form, authorization, answer, began, Instant.now()));
    after.getAndSet(NOTHING).run();
    Loopback.answer(http, answer.status(), "application/json", answer.body().getBytes(UTF_8));
  }

  private synchronized Answer own(Map<String, String> form) {
    String presented = form.getOrDefault("refresh_token", "");
    String grant = grants.getOrDefault(presented, "");
    if (grant.isEmpty() || !used.add(presented)) {
      grants.values().removeIf(grant::equals);
      return new Answer(
          400, "{\"error\":\"invalid_grant\",\"error_description\":\"no: " + presented + "\"}");
    }
    return new Answer(
        200,
        "{\"access_token\":\"at-"
            + UUID.randomUUID()
            + "\",\"token_type\":\"Bearer\",\"refresh_token\":\""
            + issue(grant)
            + "\""
            + lifetime
            + "}");
  }

  private Answer passedOn(String authorization, byte[] body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(behind.orElseThrow())
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (!authorization.isEmpty()) {
      request.header("authorization", authorization);
    }
    try {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static Map<String, String> form(String text) {
    return Arrays.stream(text.split("&", -1))
        .filter(each -> !each.isEmpty())
        .map(each -> each.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8)));
  }

  @Override
  public void close() {
    server.close();
  }
}
