package io.agentvault.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** One agent that stores, gets, lists and asks for codes, and knows what the answers must be. */
final class BusyAgent {
  private static final int LABELS = 5;
  private static final Pattern CODE = Pattern.compile("\"code\":\"[0-9]{6}\"");

  private final String url;
  private final Agent agent;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Set<String>> stored = new ArrayList<>();
  private final List<Double> milliseconds = new ArrayList<>();
  private int sequence;
  private int refused;
  private int wrong;

  BusyAgent(String url, Agent agent) {
    this.url = url;
    this.agent = agent;
    for (int label = 0; label < LABELS; label++) {
      stored.add(new HashSet<>());
      store(label);
    }
    expect(
        send(
                    "PUT",
                    "/v0/vault/codes",
                    "{\"type\":\"TOTP\",\"data\":{\"secret\":\"" + Agent.SEED + "\"}}")
                .statusCode()
            == 200);
  }

  List<Double> milliseconds() {
    return milliseconds;
  }

  /** Answers that are not what was stored, or not what was asked for. */
  int wrong() {
    return wrong;
  }

  /** Answers of 503: the caller is to come again. */
  int refused() {
    return refused;
  }

  /** Keeps what is stored, and measures anew. */
  void forget() {
    milliseconds.clear();
  }

  /** Of ten calls six are gets, two are stores, one is a code, one a listing. */
  void work(int calls) {
    for (int call = 0; call < calls; call++) {
      int label = call % LABELS;
      switch (call % 10) {
        case 3, 7 -> store(label);
        case 5 -> totp();
        case 9 -> list();
        default -> get(label);
      }
    }
  }

  /** A store that was refused may have happened or not. */
  private void store(int label) {
    String secret = agent.id() + "-" + sequence++;
    stored.get(label).add(secret);
    answered(send("PUT", path(label), Agent.apiKey(secret)))
        .ifPresent(body -> stored.get(label).retainAll(Set.of(secret)));
  }

  private void get(int label) {
    answered(send("GET", path(label), ""))
        .ifPresent(
            body ->
                expect(
                    stored.get(label).stream()
                        .anyMatch(each -> body.contains("\"key\":\"" + each + "\""))));
  }

  private void totp() {
    answered(send("GET", "/v0/vault/codes/totp", ""))
        .ifPresent(body -> expect(CODE.matcher(body).find()));
  }

  private void list() {
    answered(send("GET", "/v0/vault", ""))
        .ifPresent(
            body ->
                expect(
                    body.contains("\"count\":" + (LABELS + 1))
                        && !body.contains(agent.id() + "-")));
  }

  /** The body of a success; anything but a success or a refusal is wrong. */
  private Optional<String> answered(HttpResponse<String> response) {
    if (response.statusCode() == 503) {
      refused++;
      return Optional.empty();
    }
    expect(response.statusCode() == 200);
    return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
  }

  private void expect(boolean right) {
    if (!right) {
      wrong++;
    }
  }

  private static String path(int label) {
    return "/v0/vault/label-" + label;
  }

  private HttpResponse<String> send(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(30))
            .header("authorization", "Bearer " + agent.key())
            .header("content-type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    long began = System.nanoTime();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      milliseconds.add((System.nanoTime() - began) / 1e6);
      return response;
    } catch (IOException e) {
      throw new IllegalStateException("the gateway did not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
