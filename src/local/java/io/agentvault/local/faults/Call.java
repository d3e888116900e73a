package io.agentvault.local.faults;

import io.agentvault.local.host.Json;
import io.agentvault.local.runtime.FunctionEnvironment;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** One call of a function to DynamoDB or KMS, as the wire tap saw it. */
public final class Call {
  private final long sequence;
  private final String service;
  private final HttpMessage request;
  private final boolean pinged;
  private final String accessKey;
  private final long beganNanos = System.nanoTime();
  private volatile int status;
  private volatile byte[] answer = new byte[0];
  private volatile Duration took = Duration.ZERO;

  Call(long sequence, String service, HttpMessage request, boolean pinged) {
    this.sequence = sequence;
    this.service = service;
    this.request = request;
    this.pinged = pinged;
    String authorization = request.header("authorization");
    int credential = authorization.indexOf("Credential=");
    this.accessKey =
        credential < 0
            ? ""
            : authorization.substring(credential + "Credential=".length()).split("/", 2)[0];
  }

  void answered(HttpMessage response) {
    status = response.status();
    answer = response.body();
  }

  void ended() {
    took = Duration.ofNanos(System.nanoTime() - beganNanos);
  }

  /** Position in the order of arrival at the tap, from 1. */
  public long sequence() {
    return sequence;
  }

  /** Who called: "vault", or empty if it was no function of the cloud. */
  public String function() {
    return accessKey.startsWith(FunctionEnvironment.ACCESS_KEY_PREFIX)
        ? accessKey
            .substring(FunctionEnvironment.ACCESS_KEY_PREFIX.length())
            .toLowerCase(Locale.ROOT)
        : "";
  }

  /** Number of the calling instance; 0 if it was no function of the cloud. */
  public int instance() {
    String token = request.header("x-amz-security-token");
    return token.startsWith(FunctionEnvironment.SESSION_TOKEN_PREFIX)
        ? Integer.parseInt(token.substring(FunctionEnvironment.SESSION_TOKEN_PREFIX.length()))
        : 0;
  }

  /** "dynamodb" or "kms". */
  public String service() {
    return service;
  }

  /** Whether its connection was opened by a ping, as functions do before their first event. */
  public boolean afterPing() {
    return pinged;
  }

  /** "GetItem", "Decrypt". */
  public String operation() {
    String target = request.header("x-amz-target");
    return target.substring(target.indexOf('.') + 1);
  }

  public JsonObject request() {
    return Json.read(request.body());
  }

  /** What the service sent, or what was injected in its place; empty if the call got no answer. */
  public byte[] answer() {
    return answer.clone();
  }

  public JsonObject answerJson() {
    return Json.read(answer);
  }

  /** HTTP status given to the caller; 0 if it got none. */
  public int status() {
    return status;
  }

  /** From the whole request read to the answer written. */
  public Duration took() {
    return took;
  }

  /** Whether every read of the call is strongly consistent. Transactions always are. */
  public boolean consistentRead() {
    JsonObject json = request();
    if (json.get("RequestItems") instanceof JsonObject tables
        && operation().equals("BatchGetItem")) {
      return tables.values().stream()
          .allMatch(table -> table.asJsonObject().getBoolean("ConsistentRead", false));
    }
    return operation().equals("TransactGetItems") || json.getBoolean("ConsistentRead", false);
  }

  /** The names of the tables that the call is about. */
  public SortedSet<String> tables() {
    SortedSet<String> names = new TreeSet<>();
    JsonObject json = request();
    if (json.get("RequestItems") instanceof JsonObject tables) {
      names.addAll(tables.keySet());
    }
    collect(json, names);
    return names;
  }

  private static void collect(JsonValue value, SortedSet<String> names) {
    switch (value.getValueType()) {
      case OBJECT -> {
        if (value.asJsonObject().get("TableName") instanceof JsonString name) {
          names.add(name.getString());
        }
        value.asJsonObject().values().forEach(item -> collect(item, names));
      }
      case ARRAY -> value.asJsonArray().forEach(item -> collect(item, names));
      default -> {}
    }
  }

  /** Calls of one operation, whoever makes them. */
  public static Predicate<Call> operation(String operation) {
    return call -> call.operation().equals(operation);
  }

  /** Calls of one function. */
  public static Predicate<Call> by(String function) {
    return call -> call.function().equals(function);
  }

  /** Says who did what, and nothing of the content. */
  @Override
  public String toString() {
    return "#%d %s-%d %s.%s %d"
        .formatted(sequence, function(), instance(), service, operation(), status);
  }
}
