package io.agentvault.bench;

import io.agentvault.local.LocalCloud;
import io.agentvault.local.runtime.Invocation;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** An agent identity, and the events of its calls as the HTTP API sends them. */
record Agent(String id, String key) {
  /** RFC 6238's test seed. */
  static final String SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  /** A made-up API key of a usual length, in characters. */
  static final int SECRET_CHARACTERS = 64;

  static Agent create(LocalCloud cloud) {
    JsonObject made =
        cloud
            .invoke(
                "identity",
                Json.createObjectBuilder()
                    .add("action", "identity.create")
                    .add("tenant", "bench")
                    .add("name", "bench")
                    .build())
            .json();
    return new Agent(made.getString("identityId"), made.getString("rawKey"));
  }

  String partition() {
    return "AGENT#" + id;
  }

  byte[] get(String label) {
    return event("GET", "/v0/vault/" + label, Optional.empty());
  }

  byte[] totp(String label) {
    return event("GET", "/v0/vault/" + label + "/totp", Optional.empty());
  }

  byte[] list() {
    return event("GET", "/v0/vault", Optional.empty());
  }

  byte[] whoami() {
    return event("GET", "/v0/whoami", Optional.empty());
  }

  byte[] delete(String label) {
    return event("DELETE", "/v0/vault/" + label, Optional.empty());
  }

  byte[] useBackupCode(String label) {
    return event("POST", "/v0/vault/" + label + "/totp/backup", Optional.empty());
  }

  byte[] store(String label, String secret) {
    return event("PUT", "/v0/vault/" + label, Optional.of(apiKey(secret)));
  }

  /** A credential that may be used at that place and not read. */
  byte[] storeForUse(String label, String place) {
    String policy = ",\"use\":{\"reveal\":false,\"allow\":[{\"host\":\"" + place + "\"}]}}";
    String body = apiKey(secret());
    return event(
        "PUT", "/v0/vault/" + label, Optional.of(body.substring(0, body.length() - 1) + policy));
  }

  byte[] use(String label, String url) {
    return event(
        "POST",
        "/v0/vault/" + label + "/use",
        Optional.of("{\"method\":\"GET\",\"url\":\"" + url + "\"}"));
  }

  byte[] storeTotp(String label) {
    return event(
        "PUT",
        "/v0/vault/" + label,
        Optional.of(
            "{\"type\":\"TOTP\",\"data\":{\"secret\":\""
                + SEED
                + "\",\"backupCodes\":[\"one\",\"two\",\"three\"]}}"));
  }

  /** The same call by MCP, of the era that needs no headers. */
  byte[] tool(String name, String arguments) {
    return mcp("tools/call", "\"name\":\"" + name + "\",\"arguments\":" + arguments);
  }

  byte[] tools() {
    return mcp("tools/list", "");
  }

  private byte[] mcp(String method, String params) {
    return event(
        "POST",
        "/mcp",
        Optional.of(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""
                + method
                + "\",\"params\":{"
                + params
                + "}}"));
  }

  static String apiKey(String secret) {
    return "{\"type\":\"API_KEY\",\"data\":{\"key\":\"" + secret + "\"}}";
  }

  static String secret() {
    return "s".repeat(SECRET_CHARACTERS);
  }

  private byte[] event(String method, String path, Optional<String> body) {
    JsonObjectBuilder event =
        Json.createObjectBuilder()
            .add("version", "2.0")
            .add("routeKey", "$default")
            .add("rawPath", path)
            .add("rawQueryString", "")
            .add(
                "headers",
                Json.createObjectBuilder()
                    .add("accept", "*/*")
                    .add("authorization", "Bearer " + key)
                    .add("content-type", "application/json")
                    .add("host", "vault.example")
                    .add("x-forwarded-for", "127.0.0.1"))
            .add(
                "requestContext",
                Json.createObjectBuilder()
                    .add("http", Json.createObjectBuilder().add("method", method).add("path", path))
                    .add("requestId", "bench")
                    .add("stage", "$default"))
            .add("isBase64Encoded", false);
    body.ifPresent(text -> event.add("body", text));
    return event.build().toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The call's body; anything but success ends the bench. */
  static JsonObject succeeded(Invocation invocation) {
    JsonObject answer = invocation.json();
    if (answer.getInt("statusCode") / 100 != 2) {
      throw new IllegalStateException("the vault answered " + answer);
    }
    try (var reader = Json.createReader(new java.io.StringReader(answer.getString("body")))) {
      return reader.readObject();
    }
  }

  /** The floor's event for the same calls. */
  byte[] floor(String operation, String label) {
    return floor(operation, label, SECRET_CHARACTERS + 120);
  }

  private byte[] floor(String operation, String label, int bytes) {
    return ("\"" + operation + " " + partition() + " CREDENTIAL#" + label + " " + bytes + "\"")
        .getBytes(StandardCharsets.UTF_8);
  }
}
