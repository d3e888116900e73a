package io.agentvault.threats;

import java.util.ArrayList;
import java.util.List;

/** Requests that must fail, each with a canary where a sloppy error message would quote it. */
final class HostileRequests {
  /** One over HTTP. */
  record Http(String method, String path, String bearer, String body, String... headers) {}

  private final Agent agent;
  private final String operator;
  private final String canary;
  private final List<Http> http = new ArrayList<>();
  private final List<String> direct = new ArrayList<>();

  HostileRequests(Agent agent, String operator, String canary) {
    this.agent = agent;
    this.operator = operator;
    this.canary = canary;
    bodies();
    parameters();
    bearers();
    control();
    directEvents();
  }

  List<Http> http() {
    return http;
  }

  /** Events of direct invocations, for both functions. */
  List<String> direct() {
    return direct;
  }

  private void store(String body) {
    http.add(new Http("PUT", "/v0/vault/hostile", agent.key(), body.replace("CANARY", canary)));
  }

  private void bodies() {
    for (String body :
        List.of(
            "CANARY",
            "\"CANARY\"",
            "[\"CANARY\"]",
            "{CANARY}",
            "{\"CANARY\":CANARY}",
            "{\"type\":\"LOGIN\",\"data\":{\"password\":\"CANARY",
            "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"CANARY\",\"a\":\"CANARY\"}}",
            "{\"type\":\"CUSTOM\",\"data\":{\"CANARY\":1,\"CANARY\":2}}",
            "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"CANARY\"}} CANARY",
            "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"\\uD800CANARY\"}}",
            "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"CANARY\\q\"}}",
            "{\"type\":\"CANARY\",\"data\":{\"a\":\"CANARY\"}}",
            "{\"type\":{\"CANARY\":\"CANARY\"},\"data\":{}}",
            "{\"type\":\"CUSTOM\",\"data\":\"CANARY\"}",
            "{\"type\":\"CUSTOM\",\"data\":[\"CANARY\"]}",
            "{\"type\":\"CUSTOM\",\"data\":{},\"metadata\":\"CANARY\"}",
            "{\"type\":\"CUSTOM\",\"data\":{},\"expiresAt\":\"CANARY\"}",
            "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"CANARY\"},\"expiresAt\":\"2001-01-01T00:00:00Z\"}",
            "{\"type\":\"LOGIN\",\"data\":{\"password\":\"CANARY\"}}",
            "{\"type\":\"LOGIN\",\"data\":{\"username\":{\"a\":\"CANARY\"},\"password\":\"CANARY\"}}",
            "{\"type\":\"CUSTOM\",\"data\":{\"backupCodes\":\"CANARY\"}}",
            "{\"type\":\"CUSTOM\",\"data\":{\"backupCodes\":[{\"a\":\"CANARY\"}]}}",
            "{\"type\":\"CUSTOM\",\"data\":{\"usedBackupCodes\":\"CANARY\"}}",
            "{\"type\":\"CUSTOM\",\"data\":{\"totp\":\"CANARY!\"}}",
            "{\"type\":\"CUSTOM\",\"data\":{\"totp\":[\"CANARY\"]}}",
            "{\"type\":\"CUSTOM\",\"data\":{\"totp\":{\"secret\":\"CANARY!\"}}}",
            "{\"type\":\"CUSTOM\",\"data\":{\"totp\":\"otpauth://totp/CANARY?secret=CANARY!\"}}",
            "{\"type\":\"CUSTOM\",\"data\":{\"totp\":\"otpauth://CANARY/x?secret=CANARY\"}}",
            "{\"type\":\"CUSTOM\",\"data\":{\"totp\":\"otpauth://totp/%zzCANARY?secret=%CANARY\"}}",
            "{\"type\":\"TOTP\",\"data\":{\"secret\":\"CANARY 0189!\"}}",
            "{\"type\":\"TOTP\",\"data\":{\"secret\":\""
                + Bench.SEED
                + "\",\"digits\":\"CANARY\"}}",
            "{\"type\":\"TOTP\",\"data\":{\"secret\":\""
                + Bench.SEED
                + "\",\"algorithm\":\"CANARY\"}}",
            "{\"type\":\"TOTP\",\"data\":{\"secret\":\""
                + Bench.SEED
                + "\",\"period\":\"CANARY\"}}",
            nested("CANARY"),
            "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"" + "CANARY".repeat(3_000) + "\"}}",
            "{\"type\":\"CUSTOM\",\"data\":{},\"metadata\":{\"a\":\""
                + "CANARY".repeat(200)
                + "\"}}",
            "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"" + "CANARY".repeat(6_000) + "\"}}")) {
      store(body);
    }
    // Not UTF-8 text as far as the gateway knows: delivered in base64.
    http.add(
        new Http(
            "PUT",
            "/v0/vault/hostile",
            agent.key(),
            canary,
            "content-type",
            "application/octet-stream"));
  }

  private static String nested(String canary) {
    return "{\"type\":\"CUSTOM\",\"data\":"
        + "{\"a\":".repeat(20)
        + "\""
        + canary
        + "\""
        + "}".repeat(20)
        + "}";
  }

  private void get(String path, String... headers) {
    http.add(new Http("GET", path, agent.key(), "", headers));
  }

  private void parameters() {
    get("/v0/vault?limit=" + canary);
    get("/v0/vault?pageToken=" + canary);
    get("/v0/vault/one/totp?minRemaining=" + canary);
    get("/v0/vault/one/totp?unique=" + canary);
    get("/v0/vault/" + canary + "%3F");
    get("/v0/vault/" + canary + "%2F" + canary);
    get("/v0/vault/%20" + canary + "/totp");
    get("/v0/" + canary);
    http.add(new Http("DELETE", "/v0/vault/" + canary + "%23", agent.key(), ""));
    http.add(new Http("POST", "/v0/vault/" + canary + "%5C/totp/backup", agent.key(), ""));
    for (String header : List.of("if-match", "if-none-match")) {
      http.add(
          new Http(
              "PUT",
              "/v0/vault/hostile",
              agent.key(),
              "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"" + canary + "\"}}",
              header,
              "\"" + canary + "\""));
    }
  }

  private void bearers() {
    String almost = agent.key().substring(0, agent.key().length() - 1) + "!";
    for (String bearer :
        List.of(canary, "avk_" + canary, almost, agent.key() + canary, operator, "a.b." + canary)) {
      http.add(new Http("GET", "/v0/whoami", bearer, "", "x-note", canary));
      http.add(new Http("GET", "/v0/vault/one", bearer, "", "cookie", "a=" + canary));
    }
    http.add(new Http("GET", "/v0/whoami", "", "", "authorization", "Basic " + canary));
    for (String bearer : List.of(canary, agent.key(), operator + canary, canary + "." + operator)) {
      http.add(new Http("GET", "/v0/platform/identities", bearer, ""));
    }
  }

  private void platform(String method, String path, String body) {
    http.add(
        new Http(
            method, "/v0/platform/identities" + path, operator, body.replace("CANARY", canary)));
  }

  private void control() {
    for (String body :
        List.of(
            "CANARY",
            "[\"CANARY\"]",
            "{\"name\":[\"CANARY\"]}",
            "{\"name\":\"CANARY\\u0000\"}",
            "{\"scopes\":\"CANARY\"}",
            "{\"scopes\":[{\"CANARY\":1}]}")) {
      platform("POST", "", body);
    }
    platform("PATCH", "/" + agent.id(), "{\"addScopes\":\"CANARY\"}");
    platform("PATCH", "/" + agent.id(), "{\"removeScopes\":{\"CANARY\":1}}");
    platform("POST", "/" + agent.id() + "/rotate-key", "{\"graceSeconds\":\"CANARY\"}");
    platform("GET", "?pageToken=" + canary, "");
    platform("GET", "?limit=" + canary, "");
    // An agent key where its id belongs: an easy mistake of an operator.
    for (String id : List.of(canary, agent.key())) {
      platform("GET", "/" + id, "");
      platform("DELETE", "/" + id, "");
      platform("PATCH", "/" + id, "{}");
      platform("POST", "/" + id + "/rotate-key", "");
    }
  }

  private void directEvents() {
    for (String event :
        List.of(
            "\"CANARY\"",
            "[\"CANARY\"]",
            "{\"CANARY\":1,\"CANARY\":2}",
            "{\"action\":\"CANARY\"}",
            "{\"action\":[\"CANARY\"]}",
            "{\"action\":\"vault.get\",\"key\":\"CANARY\",\"label\":\"one\"}",
            "{\"action\":\"vault.get\",\"key\":{\"CANARY\":1},\"label\":\"one\"}",
            "{\"action\":\"vault.get\",\"key\":\"KEY\",\"label\":\"CANARY/\"}",
            "{\"action\":\"vault.get\",\"key\":\"KEY\",\"label\":[\"CANARY\"]}",
            "{\"action\":\"vault.list\",\"key\":\"KEY\",\"limit\":\"CANARY\"}",
            "{\"action\":\"vault.list\",\"key\":\"KEY\",\"pageToken\":\"CANARY\"}",
            "{\"action\":\"vault.totp\",\"key\":\"KEY\",\"label\":\"one\",\"unique\":\"CANARY\"}",
            "{\"action\":\"vault.store\",\"key\":\"KEY\",\"label\":\"one\",\"type\":\"CANARY\",\"data\":{}}",
            "{\"action\":\"vault.store\",\"key\":\"KEY\",\"label\":\"one\",\"type\":\"LOGIN\",\"data\":\"CANARY\"}",
            "{\"action\":\"vault.store\",\"key\":\"KEY\",\"label\":\"one\",\"type\":\"LOGIN\",\"data\":{\"username\":\"u\",\"password\":[\"CANARY\"]}}",
            "{\"action\":\"vault.store\",\"key\":\"KEY\",\"label\":\"one\",\"type\":\"CUSTOM\",\"data\":{\"a\":\"CANARY\"},\"ifMatch\":\"CANARY\"}",
            "{\"action\":\"identity.create\",\"tenant\":\"CANARY/\"}",
            "{\"action\":\"identity.create\",\"tenant\":{\"CANARY\":1}}",
            "{\"action\":\"identity.create\",\"scopes\":\"CANARY\"}",
            "{\"action\":\"identity.get\",\"identityId\":\"CANARY\"}",
            "{\"action\":\"identity.get\",\"identityId\":\"KEY\"}",
            "{\"action\":\"identity.revoke\",\"identityId\":\"KEY\"}",
            "{\"action\":\"identity.rotateKey\",\"identityId\":\"CANARY\",\"graceSeconds\":\"CANARY\"}")) {
      direct.add(event.replace("CANARY", canary).replace("KEY", agent.key()));
    }
  }
}
