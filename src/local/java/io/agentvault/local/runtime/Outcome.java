package io.agentvault.local.runtime;

import io.agentvault.local.host.Json;
import java.nio.charset.StandardCharsets;

/** How one event ended: with the function's answer, with a function error, or at Lambda's door. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public sealed interface Outcome {
  /** Lambda's payload: the answer's JSON, or Lambda's error object. */
  byte[] payload();

  /** The function's own answer. */
  record Answer(byte[] payload) implements Outcome {}

  /** A function error: thrown by the function, or a crash or a time-out that Lambda reports. */
  record Failure(byte[] payload) implements Outcome {
    public static Failure of(String errorType, String errorMessage) {
      return new Failure(
          Json.bytes(
              Json.object().add("errorType", errorType).add("errorMessage", errorMessage).build()));
    }

    public String errorType() {
      return Json.read(payload).getString("errorType", "");
    }

    public String errorMessage() {
      return Json.read(payload).getString("errorMessage", "");
    }
  }

  /** Lambda had no concurrency left: the function never heard of the event. */
  record Throttled(byte[] payload) implements Outcome {
    static Throttled because(String reason) {
      return new Throttled(
          Json.bytes(
              Json.object()
                  .add("Reason", reason)
                  .add("Type", "User")
                  .add("message", "Rate Exceeded.")
                  .build()));
    }
  }

  default String text() {
    return new String(payload(), StandardCharsets.UTF_8);
  }
}
