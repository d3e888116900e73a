package io.agentvault.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** One agent that stores, gets, lists and asks for codes, and knows what the answers must be. */
final class BusyAgent {
  private static final int LABELS = 5;
  private static final Pattern CODE = Pattern.compile("\"code\":\"[0-9]{6}\"");

  private final String url;
  private final Agent agent;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String[] stored = new String[LABELS];
  private final List<Double> milliseconds = new ArrayList<>();
  private int sequence;
  private int wrong;

  BusyAgent(String url, Agent agent) {
    this.url = url;
    this.agent = agent;
    for (int label = 0; label < LABELS; label++) {
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

  int wrong() {
    return wrong;
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

  private void store(int label) {
    String secret = agent.id() + "-" + sequence++;
    expect(send("PUT", path(label), Agent.apiKey(secret)).statusCode() == 200);
    stored[label] = secret;
  }

  private void get(int label) {
    HttpResponse<String> response = send("GET", path(label), "");
    expect(
        response.statusCode() == 200
            && response.body().contains("\"key\":\"" + stored[label] + "\""));
  }

  private void totp() {
    HttpResponse<String> response = send("GET", "/v0/vault/codes/totp", "");
    expect(response.statusCode() == 200 && CODE.matcher(response.body()).find());
  }

  private void list() {
    HttpResponse<String> response = send("GET", "/v0/vault", "");
    expect(
        response.statusCode() == 200
            && response.body().contains("\"count\":" + (LABELS + 1))
            && !response.body().contains(agent.id() + "-"));
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
