package io.agentvault.local.runtime;

import io.agentvault.local.host.Json;
import jakarta.json.JsonObject;
import java.time.Duration;

/**
 * One event's way through a function.
 *
 * @param instance number of the instance that took it, from 1; 0 if none could be started
 * @param cold whether the instance was new
 * @param took from handing the event to the instance to its answer; a cold start is not in it
 */
public record Invocation(
    String requestId, Outcome outcome, int instance, boolean cold, Duration took) {

  /** The answer as JSON; a function error fails here with its type and message. */
  public JsonObject json() {
    return switch (outcome) {
      case Outcome.Answer answer -> Json.read(answer.payload());
      case Outcome.Failure failure ->
          throw new IllegalStateException("function error " + failure.text());
      case Outcome.Throttled throttled ->
          throw new IllegalStateException("throttled " + throttled.text());
    };
  }

  /** The function error; an answer fails here. */
  public Outcome.Failure failure() {
    return switch (outcome) {
      case Outcome.Failure failure -> failure;
      case Outcome.Answer answer ->
          throw new IllegalStateException("an answer, not a function error: " + answer.text());
      case Outcome.Throttled throttled ->
          throw new IllegalStateException("throttled " + throttled.text());
    };
  }

  /** Whether there is no answer of the function's. */
  public boolean failed() {
    return !(outcome instanceof Outcome.Answer);
  }
}
